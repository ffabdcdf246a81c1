import type { Issuer } from '../issuers/issuer.js';
import { Unavailable } from '../shared/unavailable.js';
import type { JwtHeader } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';

/** The issuer is registered, its keys are needed, and there are none that we may still trust. */
export class KeysUnavailable extends Unavailable {
  override readonly name = 'KeysUnavailable';

  /**
   * @param issuerId the registered short id
   * @param retryAfterSeconds when asking again makes sense, at least 1
   */
  constructor(issuerId: string, retryAfterSeconds: number, options?: ErrorOptions) {
    super('keys of the issuer are not available', issuerId, retryAfterSeconds, options);
  }
}

/**
 * A token names a key that is not known, and whether its issuer publishes it could not be found out: the latest fetch
 * failed, or did not end in time. The issuer's other keys are good.
 */
export class KeyUndetermined extends KeysUnavailable {}

/** Finds the keys that may have signed a token: what verification knows of keys. */
export abstract class KeyResolver {
  /**
   * Keys in memory that may have signed a token with this header, at most four, without any I/O:
   * an empty list means that none is known now, `undefined` that the issuer has no key set that may be trusted.
   */
  abstract known(issuer: Issuer, header: JwtHeader): readonly VerificationKey[] | undefined;

  /**
   * The same after a fetch from the issuer, as far as the issuer's budget allows one; bounded in time.
   * @param tried keys that were only a guess and turned out not to have signed the token: they are no answer
   * @throws {KeysUnavailable} when there is still no key set that may be trusted
   * @throws {KeyUndetermined} when there is one without such a key, and the issuer could not be asked
   */
  abstract find(
    issuer: Issuer,
    header: JwtHeader,
    tried?: readonly VerificationKey[],
  ): Promise<readonly VerificationKey[]>;

  /** Whether the key of this thumbprint is among those of `issuer` that may be trusted now, under whatever name. No I/O. */
  abstract holds(issuer: Issuer, thumbprint: string): boolean;

  /** A token of `issuer` was signed with the key of this thumbprint: it is reported when that key is removed. */
  used?(issuer: Issuer, thumbprint: string): void;
}
