/** Authenticates callers by assertions that they sign (`private_key_jwt`). */
import type { Issuer } from '../../../issuers/issuer.js';
import { Section } from '../../../shared/configuration/composite-fields.js';
import { Rejection } from '../../../tokens/rejection.js';
import type { Caller } from '../../caller.js';
import { AuthenticationFailure, invalidClient } from '../../credentials/authentication-failure.js';
import type { Authorization } from '../../credentials/authorization-header.js';
import type { PresentedCredentials } from '../../credentials/presented-credentials.js';
import type { UnprovenSignatures } from '../../limits/unproven-signatures.js';
import type {
  MethodAuthenticator,
  MethodTools,
  Registration,
  CallerMethod,
  FoundCredentials,
  PresentedMethod,
} from '../caller-method.js';
import { acceptedUntilMs, callerOfIssuer, identifierOf } from './assertion-policy.js';
import type { AssertionReplay } from './assertion-replay.js';
import { AssertionSection, prepareAssertions } from './prepare-assertions.js';

/** RFC 7523 §2.2. */
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The form parameters of this method (RFC 7521 §4.2). */
interface PresentedAssertion {
  readonly assertion: string | undefined;
  readonly type: string | undefined;
  readonly clientId?: string | undefined;
  /** Where the request comes from. */
  readonly source: string;
}

/**
 * `private_key_jwt` (RFC 7523, RFC 10070). A caller is the issuer of its own assertions, so they are verified like any
 * token; but against a registry of their own, in which nothing but callers is found and nothing but their own keys is used.
 */
export class PrivateKeyJwt implements MethodAuthenticator<Issuer> {
  private registrations: ReadonlyMap<string, Registration<Issuer>> = new Map();

  constructor(
    private readonly assertions: MethodTools['assertions'],
    private readonly signatures: UnprovenSignatures,
    private readonly replay: AssertionReplay,
  ) {}

  replace(registrations: readonly Registration<Issuer>[]): void {
    this.registrations = new Map(registrations.map((registration) => [registration.caller.id, registration]));
    this.assertions.issuers.replace(registrations.map(({ registered }) => registered));
  }

  find(_header: Authorization | undefined, { form, source }: PresentedCredentials): readonly FoundCredentials[] {
    const { clientId, clientAssertion, clientAssertionType } = form;
    if (clientAssertion === undefined && clientAssertionType === undefined) return [];
    const read = (): PresentedMethod => ({
      claimedIds: clientId === undefined ? [] : [clientId],
      isGuess: false,
      prove: () => this.authenticate({ assertion: clientAssertion, type: clientAssertionType, clientId, source }),
      refusal: invalidClient,
    });
    return [{ carriedBy: 'form', conflict: 'invalid_client', read }];
  }

  /**
   * @throws {KeysUnavailable} when the caller's keys cannot be known
   * @throws {OAuthError} 503 when too many signatures wait to be checked, or this caller uses more assertions than are remembered
   */
  async authenticate({
    assertion,
    type,
    clientId,
    source,
  }: PresentedAssertion): Promise<Caller | AuthenticationFailure> {
    if (type !== ASSERTION_TYPE || assertion === undefined) {
      return new AuthenticationFailure('not an assertion of RFC 7523');
    }
    const checker = this.signatures.from(source, (issuer) => callerOfIssuer(issuer.id));
    const verdict = await this.assertions.verifier.checkingWith(checker).verify(assertion);
    if (verdict instanceof Rejection) {
      return new AuthenticationFailure(`the assertion is not good: ${verdict.code}`, callerOfIssuer(verdict.issuerId));
    }
    const { issuer, jwt } = verdict;
    if (clientId !== undefined && clientId !== issuer.issuer) {
      return new AuthenticationFailure('client_id differs from the assertion');
    }
    const judged = this.callerOf(issuer);
    if (!judged) return new AuthenticationFailure('the registration changed meanwhile');
    const isFirst = await this.replay.use(judged.id, identifierOf(jwt.claims), acceptedUntilMs(jwt.claims));
    if (!isFirst) return new AuthenticationFailure('the assertion was used before', judged.id);
    return this.callerOf(issuer) ?? new AuthenticationFailure('the registration changed meanwhile', judged.id);
  }

  /** The caller as it is registered now, if it still signs with the keys of this issuer. */
  private callerOf({ issuer, keySourceFingerprint }: Issuer): Caller | undefined {
    const registration = this.registrations.get(issuer);
    return registration?.registered.keySourceFingerprint === keySourceFingerprint ? registration.caller : undefined;
  }
}

/** `private_key_jwt` (RFC 7523): what is registered is the caller as the issuer of its own assertions. */
export const privateKeyJwt: CallerMethod<'assertion', AssertionSection, Issuer, PrivateKeyJwt> = {
  key: 'assertion',
  field: Section('`private_key_jwt`', () => AssertionSection),
  unique: undefined,
  challenge: undefined,
  checkWritten: undefined,
  prepare: prepareAssertions,
  advertise: ({ algorithms }) => ({ methods: ['private_key_jwt'], assertionAlgorithms: [...algorithms] }),
  authenticator: ({ assertions, signatures, replay }) => new PrivateKeyJwt(assertions, signatures, replay),
};
