import type { JwtHeader } from './unverified-jwt.js';
import type { VouchedToken } from './introspected-token.js';

/**
 * Every reason for which a token is not good. Operators see the code; callers never do (RFC 7662 §2.2).
 * The list is closed, so that a metric label made from it is bounded.
 */
export const rejectionCodes = [
  // what it is made of (RFC 7515, RFC 7519)
  'malformed', // not three base64url segments of strict JSON objects
  'oversized', // longer than any token that we would accept
  'encrypted', // five segments, of which the first is a header: a JWE
  'algorithm_unsupported', // `alg` is not one of the algorithm table
  'critical_extension', // `crit` or `b64`: we understand no extension
  'nested', // `cty: JWT`
  'header_invalid', // a header member has the wrong type, or repeats a claim with another value
  // who could be asked about it (RFC 7662)
  'opaque_unroutable', // an opaque token that no rule gives to exactly one issuer
  'opaque_inactive', // its issuer says that it is not active
  'opaque_foreign', // the answer about it names another issuer than the one that was asked
  // who signed it
  'issuer_missing',
  'issuer_unknown',
  'tenant_mismatch', // `iss` and the claim that names the tenant differ
  'algorithm_not_allowed', // the issuer does not list this `alg`
  'token_type_not_allowed', // `typ`, RFC 8725 §3.11
  'key_unknown',
  'key_denied',
  'signature_invalid',
  // what it says
  'claim_malformed', // wrong JSON type: types before semantics
  'claim_missing',
  'expired',
  'not_yet_valid',
  'issued_in_future',
  'lifetime_exceeded',
  'audience_mismatch',
  'token_kind', // an ID token, logout token, security event, refresh token
  'rule_failed',
  'confirmation_invalid', // `cnf` that we could not pass on truthfully, RFC 7800 §3.1
  // what was ended before its time
  'revoked_token',
  'revoked_subject',
  'revoked_session',
  'revoked_client',
  'revoked_issuer',
  // how it came
  'proof_missing', // bound to a key, and presented without a proof that is understood: RFC 9449 §7.2, RFC 8705 §3
  'proof_unbound', // presented with a DPoP proof, and bound to no key that it could be of: RFC 9449 §7.1
  'proof_invalid', // the DPoP proof is not one of this request, this token and this time: RFC 9449 §4.3
  'proof_private_key', // the DPoP proof carries a private key: an alarm
  'proof_key_mismatch', // a good proof, or a certificate, of another key than the token is bound to
  'proof_nonce', // the DPoP proof has no nonce of ours: RFC 9449 §9
  'proof_replayed', // the DPoP proof was used before: RFC 9449 §11.1
  // who asks
  'caller_issuer_not_granted',
  'caller_audience_not_granted',
  'caller_claim_not_granted', // it does not say what this caller requires beside the audience
] as const;

/** One of {@link rejectionCodes}. */
export type RejectionCode = (typeof rejectionCodes)[number];

/** No key made the signature. @param header of the token, which may say why nobody could have found one */
export function signatureInvalid({ hasNonce }: Pick<JwtHeader, 'hasNonce'>): Rejection {
  return hasNonce
    ? new Rejection(
        'signature_invalid',
        'the header has a nonce: a token for Microsoft Graph, which nobody but Graph can verify; ask for a token for an API of your own',
      )
    : new Rejection('signature_invalid');
}

/** A verdict, not an error: the token is not good, and this is why. */
export class Rejection {
  /**
   * @param code for programs
   * @param detail for operators; a constant sentence, or the name of a configured claim or issuer, never anything from the token
   * @param issuerId short id of the registered issuer that the token names, for operators; absent where it names none
   * @param tenant of a signed token, where its issuer has many
   * @param signed the token, where its signature was good or its issuer has described it; private, so that nothing that prints a rejection prints it
   */
  constructor(
    readonly code: RejectionCode,
    readonly detail?: string,
    readonly issuerId?: string,
    readonly tenant?: string,
    signed?: VouchedToken,
  ) {
    this.#signed = signed;
  }

  readonly #signed: VouchedToken | undefined;

  /** The refused token, where an issuer's key really signed it, or its issuer has described it. */
  get signed(): VouchedToken | undefined {
    return this.#signed;
  }

  /** The same, naming the registered issuer whose token it is about. */
  about(issuerId: string, tenant?: string): Rejection {
    return new Rejection(this.code, this.detail, issuerId, tenant, this.#signed);
  }

  /** The same, about a token that its issuer vouches for. */
  ofSigned(jwt: VouchedToken): Rejection {
    return new Rejection(this.code, this.detail, this.issuerId, this.tenant, jwt);
  }
}
