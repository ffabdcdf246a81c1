import type { webcrypto } from 'node:crypto';
import { compactVerify } from 'jose';
import type { Witness } from '../shared/witness.js';
import { termsOf, type Algorithm } from './algorithms.js';
import type { JwtStep } from './jwt-step.js';
import { Rejection } from './rejection.js';
import type { UnverifiedJwt } from './unverified-jwt.js';
import type { VerificationKey } from './verification-key.js';
import type { VerifiedJwt } from './verified-jwt.js';

/** Signature operations that one token may cost: RFC 7517 §4.5 lets keys share a `kid`. */
export const MAX_CANDIDATE_KEYS = 4;

/**
 * Checks the signature (RFC 7515 §5.2) with each candidate in turn, and makes the only {@link VerifiedJwt}s there are.
 * The algorithm is the one that the key was imported for; a key that was not for this `alg` does not take part.
 */
export async function verifySignature(
  jwt: UnverifiedJwt,
  keys: readonly VerificationKey[],
  witness?: Witness<JwtStep>,
): Promise<VerifiedJwt | Rejection> {
  const { alg } = jwt.header;
  const octets = signatureOctets(jwt.compact);
  let fitting = 0;
  for (const { verifiers, thumbprint } of keys) {
    const key = verifiers.get(alg);
    if (!key) continue;
    if (++fitting > MAX_CANDIDATE_KEYS) break;
    const isSigner = octets === expectedOctets(alg, key) && (await isSigned(jwt.compact, key, alg));
    witness?.saw({ step: 'key_tried', thumbprint, isSigner });
    if (isSigner) return verified(jwt, thumbprint);
  }
  return fitting > 0
    ? new Rejection('signature_invalid')
    : new Rejection('key_unknown', 'no candidate is for this alg');
}

/** Anything but success is a bad signature: what cryptography throws at a token is the token's fault. */
async function isSigned(compact: string, key: webcrypto.CryptoKey, alg: Algorithm): Promise<boolean> {
  try {
    await compactVerify(compact, key, { algorithms: [alg] });
    return true;
  } catch {
    return false;
  }
}

/** RFC 7518 §3.3 to §3.5, RFC 8037 §3.1: the length of a signature is fixed by its key. */
function expectedOctets(alg: Algorithm, key: webcrypto.CryptoKey): number {
  const { modulusLength } = key.algorithm as Partial<webcrypto.RsaKeyAlgorithm>;
  return termsOf(alg).signatureBytes ?? Math.ceil((modulusLength ?? 0) / 8);
}

/** Octets of the last segment, whose base64url is already known to be canonical. */
function signatureOctets(compact: string): number {
  const characters = compact.length - compact.lastIndexOf('.') - 1;
  return Math.floor((characters * 3) / 4);
}

function verified({ header, unverifiedClaims }: UnverifiedJwt, keyThumbprint: string): VerifiedJwt {
  return { header, claims: unverifiedClaims, keyThumbprint } as VerifiedJwt;
}
