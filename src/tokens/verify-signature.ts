import type { Witness } from '../shared/witness.js';
import type { JwtStep } from './jwt-step.js';
import { Rejection, signatureInvalid } from './rejection.js';
import type { UnverifiedJwt } from './unverified-jwt.js';
import type { SignedOctets, VerificationKey } from './verification-key.js';
import type { VerifiedJwt } from './verified-jwt.js';

/** Signature operations that one token may cost: RFC 7517 §4.5 lets keys share a `kid`. */
export const MAX_CANDIDATE_KEYS = 4;

/**
 * Checks the signature (RFC 7515 §5.2) with each candidate in turn, and makes the only {@link VerifiedJwt}s there are.
 * The algorithm is one that the key is for; a key that is not for this `alg` does not take part.
 */
export async function verifySignature(
  jwt: UnverifiedJwt,
  keys: readonly VerificationKey[],
  witness?: Witness<JwtStep>,
): Promise<VerifiedJwt | Rejection> {
  const { alg } = jwt.header;
  const signed = signedParts(jwt.compact);
  let fitting = 0;
  for (const { verifiers, thumbprint } of keys) {
    const verifier = verifiers.get(alg);
    if (!verifier) continue;
    if (++fitting > MAX_CANDIDATE_KEYS) break;
    const isSigner = await verifier.verify(signed);
    witness?.saw({ step: 'key_tried', thumbprint, isSigner });
    if (isSigner) return verified(jwt, thumbprint);
  }
  return fitting > 0 ? signatureInvalid(jwt.header) : new Rejection('key_unknown', 'no candidate is for this alg');
}

/** RFC 7515 §5.2: all before the last period, as ASCII, and what the last segment says; that it is canonical is known. */
function signedParts(compact: string): SignedOctets {
  const end = compact.lastIndexOf('.');
  return { input: Buffer.from(compact.slice(0, end)), signature: Buffer.from(compact.slice(end + 1), 'base64url') };
}

function verified({ header, unverifiedClaims }: UnverifiedJwt, keyThumbprint: string): VerifiedJwt {
  return { header, claims: unverifiedClaims, keyThumbprint } as VerifiedJwt;
}
