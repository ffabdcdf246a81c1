import type { ClaimStep } from '../claims/claim-step.js';
import type { Issuer } from '../issuers/issuer.js';
import type { JwtStep } from '../tokens/jwt-step.js';
import type { JwtHeader } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';

/** What a {@link Witness} hears of the {@link TokenVerifier}, in this order; the last one heard is the one that refused. */
export type VerificationStep =
  | JwtStep
  | ClaimStep
  | { readonly step: 'issuer'; readonly iss: string; readonly issuer: Issuer | undefined }
  | { readonly step: 'suitability'; readonly issuer: Issuer; readonly header: JwtHeader }
  | {
      /** Keys in memory that fit the header; `undefined` where the issuer has no key set that may be trusted. */
      readonly step: 'keys_known';
      readonly issuer: Issuer;
      readonly keys: readonly VerificationKey[] | undefined;
    }
  /** No key is known: claims that nobody has verified are judged, because a hopeless token must cost no look. */
  | { readonly step: 'plausibility' }
  /** The issuer is asked, as far as its budget allows. */
  | { readonly step: 'look'; readonly issuer: Issuer }
  | { readonly step: 'keys_found'; readonly issuer: Issuer; readonly keys: readonly VerificationKey[] }
  | { readonly step: 'signature' }
  | { readonly step: 'denial'; readonly issuer: Issuer; readonly thumbprint: string }
  | { readonly step: 'claims' };
