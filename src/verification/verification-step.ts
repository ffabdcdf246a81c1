import type { ClaimStep } from '../claims/claim-check.js';
import type { Issuer } from '../issuers/issuer.js';
import type { DecisiveRevocation } from '../revocation/tokens/revocation-check.js';
import type { JwtStep } from '../tokens/jwt-step.js';
import type { JwtHeader } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';

/**
 * What a witness is shown of the verification of a token, in this order; the last one shown is the one that refused. Where several
 * issuers have the name that the token says, `suitability` to `signature` come for each of them in turn.
 */
export type VerificationStep =
  | JwtStep
  | ClaimStep
  | {
      readonly step: 'issuer';
      /** Absent where the subject says whose token it is. */
      readonly iss: string | undefined;
      readonly issuer: Issuer | undefined;
      /** All that have this name, where it is more than one: then `signer` says which of them the token is of. */
      readonly namesakes?: readonly Issuer[];
    }
  | { readonly step: 'suitability'; readonly issuer: Issuer; readonly header: JwtHeader }
  | {
      /** Keys in memory that fit the header; `undefined` where the issuer has no key set that may be trusted. */
      readonly step: 'keys_known';
      readonly issuer: Issuer;
      readonly keys: readonly VerificationKey[] | undefined;
    }
  /** No key is known: claims that nobody has verified are judged, because a hopeless token must cost no fetch. */
  | { readonly step: 'plausibility' }
  /** The issuer is asked, as far as its budget allows. */
  | { readonly step: 'fetch'; readonly issuer: Issuer }
  | { readonly step: 'keys_found'; readonly issuer: Issuer; readonly keys: readonly VerificationKey[] }
  | { readonly step: 'signature' }
  /** Of several issuers with one name, this one's key signed the token. */
  | { readonly step: 'signer'; readonly issuer: Issuer }
  | { readonly step: 'denial'; readonly issuer: Issuer; readonly thumbprint: string }
  /** Whether the token was revoked, and by which decision. */
  | { readonly step: 'revocation'; readonly issuer: Issuer; readonly found: DecisiveRevocation | undefined }
  | { readonly step: 'claims' };
