import type { Issuer } from '../../../issuers/issuer.js';
import { Rejection } from '../../../tokens/rejection.js';
import type { TokenVerifier } from '../../../verification/token-verifier.js';
import { acceptedUntilMs, callerOfIssuer, identifierOf } from './assertion-policy.js';
import type { AssertionReplay } from './assertion-replay.js';
import type { Caller } from '../../caller.js';
import type { CallerDirectory } from '../../registration/caller-directory.js';
import { AuthenticationFailure } from '../../credentials/authentication-failure.js';

/** RFC 7523 §2.2. */
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** What a request presents for this method. */
export interface PresentedAssertion {
  readonly assertion?: string;
  readonly type?: string;
  readonly clientId?: string;
}

/**
 * `private_key_jwt` (RFC 7523, RFC 10070). A caller is the issuer of its own assertions, so they are verified like any
 * token; but against a registry of their own, in which nothing but callers is found and nothing but their own keys is used.
 */
export class PrivateKeyJwt {
  /** @param verifier verifies against the assertion issuers of `directory`, not against the issuers of tokens */
  constructor(
    private readonly directory: CallerDirectory,
    private readonly verifier: TokenVerifier,
    private readonly replay: AssertionReplay,
  ) {}

  /** @throws {KeysUnavailable} when the caller's keys cannot be known */
  async authenticate({ assertion, type, clientId }: PresentedAssertion): Promise<Caller | AuthenticationFailure> {
    if (type !== ASSERTION_TYPE || assertion === undefined)
      return new AuthenticationFailure('not an assertion of RFC 7523');
    const verdict = await this.verifier.verify(assertion);
    if (verdict instanceof Rejection) {
      return new AuthenticationFailure(`the assertion is not good: ${verdict.code}`, callerOfIssuer(verdict.issuerId));
    }
    const { issuer, jwt } = verdict;
    if (clientId !== undefined && clientId !== issuer.issuer)
      return new AuthenticationFailure('client_id differs from the assertion');
    const judged = this.callerOf(issuer);
    if (!judged) return new AuthenticationFailure('the registration changed meanwhile');
    const isFirst = await this.replay.use(judged.id, identifierOf(jwt.claims), acceptedUntilMs(jwt.claims));
    if (!isFirst) return new AuthenticationFailure('the assertion was used before', judged.id);
    return this.callerOf(issuer) ?? new AuthenticationFailure('the registration changed meanwhile', judged.id);
  }

  /** The caller as it is registered now, if it still signs with the keys of this issuer. */
  private callerOf({ issuer, keySourceFingerprint }: Issuer): Caller | undefined {
    const registered = this.directory.byId(issuer);
    return registered?.assertions?.keySourceFingerprint === keySourceFingerprint ? registered.caller : undefined;
  }
}
