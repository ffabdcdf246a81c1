import { TokenDigests } from '../revocation/tokens/token-digests.js';
import type { JsonObject } from '../shared/json-value.js';
import type { JwtHeader, UnverifiedJwt } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';

/**
 * A token of which is known already which key signed it. Whether that key may sign, now and for its issuer, nobody has
 * asked yet: until then it is as unverified as any other, and {@link signedByOneOf} is the only way on.
 */
export class RememberedJwt implements UnverifiedJwt {
  /**
   * @param verified what the signature check made of these very octets
   * @param digests what decisions about the token are found by
   */
  constructor(
    readonly compact: string,
    private readonly verified: VerifiedJwt,
    readonly digests = new TokenDigests(),
  ) {}

  get header(): JwtHeader {
    return this.verified.header;
  }

  get unverifiedIssuer(): string | undefined {
    return this.verified.claims['iss'] as string | undefined;
  }

  get unverifiedClaims(): JsonObject {
    return this.verified.claims;
  }

  /**
   * @param keys those that may have signed a token with this header, as of now
   * @returns the verified token where the key that did sign it is one of them, for this `alg` (D10); else `undefined`
   */
  signedByOneOf(keys: readonly VerificationKey[]): VerifiedJwt | undefined {
    const { header, keyThumbprint } = this.verified;
    const isAccepted = keys.some(
      ({ thumbprint, verifiers }) => thumbprint === keyThumbprint && verifiers.has(header.alg),
    );
    return isAccepted ? this.verified : undefined;
  }
}
