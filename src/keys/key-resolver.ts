import type { Issuer } from '../issuers/issuer.js';
import type { JwtHeader } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';

/** The hot path's view of the keys. */
export abstract class KeyResolver {
  /**
   * Keys in memory that may have signed a token with this header, at most four, without any I/O:
   * an empty list means that none is known now, `undefined` that the issuer has no key set that may be trusted.
   */
  abstract known(issuer: Issuer, header: JwtHeader): readonly VerificationKey[] | undefined;

  /**
   * The same after a fetch from the issuer, as far as the issuer's budget allows one; bounded in time.
   * @throws {KeysUnavailable} when there is still no key set that may be trusted
   */
  abstract find(issuer: Issuer, header: JwtHeader): Promise<readonly VerificationKey[]>;

  /** A token of `issuer` was signed with the key of this thumbprint: whoever removes that key may want to know. */
  used?(issuer: Issuer, thumbprint: string): void;
}
