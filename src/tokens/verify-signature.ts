import { webcrypto } from 'node:crypto';
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
  const { input, signature } = signedParts(jwt.compact);
  let fitting = 0;
  for (const { verifiers, thumbprint } of keys) {
    const key = verifiers.get(alg);
    if (!key) continue;
    if (++fitting > MAX_CANDIDATE_KEYS) break;
    const isSigner = signature.length === expectedOctets(alg, key) && (await isSigned(alg, key, signature, input));
    witness?.saw({ step: 'key_tried', thumbprint, isSigner });
    if (isSigner) return verified(jwt, thumbprint);
  }
  return fitting > 0
    ? new Rejection('signature_invalid')
    : new Rejection('key_unknown', 'no candidate is for this alg');
}

/** Anything but success is a bad signature: what cryptography throws at a token is the token's fault. */
async function isSigned(
  alg: Algorithm,
  key: webcrypto.CryptoKey,
  signature: Uint8Array,
  input: Uint8Array,
): Promise<boolean> {
  try {
    return await webcrypto.subtle.verify(termsOf(alg).operation, key, signature, input);
  } catch {
    return false;
  }
}

/** RFC 7518 §3.3 to §3.5, RFC 8037 §3.1: the length of a signature is fixed by its key. */
function expectedOctets(alg: Algorithm, key: webcrypto.CryptoKey): number {
  const { modulusLength } = key.algorithm as Partial<webcrypto.RsaKeyAlgorithm>;
  return termsOf(alg).signatureBytes ?? Math.ceil((modulusLength ?? 0) / 8);
}

/** RFC 7515 §5.2: all before the last period, as ASCII, and what the last segment says; that it is canonical is known. */
function signedParts(compact: string): { readonly input: Uint8Array; readonly signature: Uint8Array } {
  const end = compact.lastIndexOf('.');
  return { input: Buffer.from(compact.slice(0, end)), signature: Buffer.from(compact.slice(end + 1), 'base64url') };
}

function verified({ header, unverifiedClaims }: UnverifiedJwt, keyThumbprint: string): VerifiedJwt {
  return { header, claims: unverifiedClaims, keyThumbprint } as VerifiedJwt;
}
