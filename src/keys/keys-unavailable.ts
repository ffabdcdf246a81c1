import { Unavailable } from '../shared/unavailable.js';

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
