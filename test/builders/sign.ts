import { constants, sign as cryptoSign, type KeyObject } from 'node:crypto';
import type { Algorithm } from '../../src/tokens/algorithms.js';

/** Signs `input` as JWA says (RFC 7518 §3, RFC 8037 §3.1), with plain node:crypto: not with the library that verifies. */
export function signAs(alg: Algorithm, privateKey: KeyObject, input: string | Buffer): Buffer {
  const data = Buffer.from(input);
  if (alg === 'EdDSA' || alg === 'Ed25519' || alg.startsWith('ML-DSA')) return cryptoSign(null, data, privateKey);
  const hash = `sha${alg.slice(2)}`;
  if (alg.startsWith('ES')) return cryptoSign(hash, data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  if (alg.startsWith('RS')) return cryptoSign(hash, data, privateKey);
  return cryptoSign(hash, data, {
    key: privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
}
