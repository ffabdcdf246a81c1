import type { Clock } from '../../../shared/clock.js';
import { ListOf } from '../../../shared/configuration/composite-fields.js';
import type { Caller } from '../../caller.js';
import {
  AuthenticationFailure,
  basicChallenge,
  invalidClient,
  invalidRequest,
} from '../../credentials/authentication-failure.js';
import type { Authorization } from '../../credentials/authorization-header.js';
import { isPrintable, readBasicCredentials, type ClientCredentials } from '../../credentials/basic-credentials.js';
import { loneHeader, type PresentedCredentials } from '../../credentials/presented-credentials.js';
import type {
  MethodAuthenticator,
  Registration,
  CallerMethod,
  FoundCredentials,
  PresentedMethod,
} from '../caller-method.js';
import { prepareSecrets, SecretSection } from './prepare-secrets.js';
import { ProvenHeaders } from './proven-headers.js';
import { nobodysSecrets, type SecretDigests } from './secret-digest.js';

/** Who a secret is of, and how long that is known without another comparison. */
interface Proof {
  readonly caller: Caller;
  /** Wall time in milliseconds at which a secret of the caller expires next; `Infinity` where none does. */
  readonly untilMs: number;
}

/** `client_secret_basic` and `client_secret_post` (RFC 6749 §2.3.1). */
export class ClientSecret implements MethodAuthenticator<SecretDigests> {
  private registrations: ReadonlyMap<string, Registration<SecretDigests>> = new Map();
  private readonly provenHeaders: ProvenHeaders;

  constructor(private readonly clock: Clock) {
    this.provenHeaders = new ProvenHeaders(clock);
  }

  replace(registrations: readonly Registration<SecretDigests>[]): void {
    this.registrations = new Map(registrations.map((registration) => [registration.caller.id, registration]));
    this.provenHeaders.clear();
  }

  find(header: Authorization | undefined, request: PresentedCredentials): readonly FoundCredentials[] {
    const { clientId, clientSecret } = request.form;
    const found: FoundCredentials[] = [];
    if (header?.scheme === 'basic') {
      const read = (): PresentedMethod => this.fromHeader(header.credentials, request);
      found.push({ carriedBy: 'header', conflict: 'invalid_request', read });
    }
    if (clientSecret !== undefined) {
      const read = (): PresentedMethod => this.fromForm(clientId, clientSecret);
      found.push({ carriedBy: 'form', conflict: 'invalid_request', read });
    }
    return found;
  }

  recall(header: string): PresentedMethod | undefined {
    const proven = this.provenHeaders.find(header);
    return proven && { claimedIds: proven.claimedIds, prove: () => proven.caller, refusal: refusedBasic };
  }

  /** Tries every reading of what was presented, and takes as long for a caller that does not exist (R6749-13). */
  authenticate(readings: readonly ClientCredentials[]): Caller | AuthenticationFailure {
    const proof = this.prove(readings);
    return proof instanceof AuthenticationFailure ? proof : proof.caller;
  }

  private fromHeader(credentials: string, request: PresentedCredentials): PresentedMethod {
    const readings = readingsFor(credentials, request.form.clientId);
    const claimedIds = idsOf(readings);
    const prove = (): Caller | AuthenticationFailure => {
      const proof = this.prove(readings);
      if (proof instanceof AuthenticationFailure) return proof;
      const header = loneHeader(request);
      if (header !== undefined) this.provenHeaders.remember(header, { ...proof, claimedIds });
      return proof.caller;
    };
    return { claimedIds, prove, refusal: refusedBasic };
  }

  private fromForm(clientId: string | undefined, secret: string): PresentedMethod {
    const readings = clientId === undefined ? [] : [{ clientId, secret }].filter(isPrintable);
    return { claimedIds: idsOf(readings), prove: () => this.authenticate(readings), refusal: invalidClient };
  }

  private prove(readings: readonly ClientCredentials[]): Proof | AuthenticationFailure {
    const nowMs = this.clock.wallMs();
    const proofs = readings.map((reading) => this.proofOf(reading, nowMs));
    return (
      proofs.find((proof) => proof !== undefined) ?? new AuthenticationFailure('unknown client id or wrong secret')
    );
  }

  private proofOf({ clientId, secret }: ClientCredentials, nowMs: number): Proof | undefined {
    const registration = this.registrations.get(clientId);
    const secrets = registration?.registered ?? nobodysSecrets;
    const matches = secrets.matches(secret, nowMs);
    return matches && registration
      ? { caller: registration.caller, untilMs: secrets.unchangedUntilMs(nowMs) }
      : undefined;
  }
}

/** RFC 6749 §5.2: the scheme that was used, whatever other callers can use. */
const refusedBasic: PresentedMethod['refusal'] = (failure, _challenges, isKnownCaller) =>
  invalidClient(failure, [basicChallenge], isKnownCaller);

/** R6749-01: a `client_id` beside a Basic header must be the one in the header. */
function readingsFor(credentials: string, clientId: string | undefined): readonly ClientCredentials[] {
  const readings = readBasicCredentials(credentials);
  if (clientId === undefined || readings.length === 0) return readings;
  const agreeing = readings.filter((reading) => reading.clientId === clientId);
  if (agreeing.length === 0) throw invalidRequest('client_id differs from the Authorization header');
  return agreeing;
}

function idsOf(readings: readonly ClientCredentials[]): readonly string[] {
  return readings.map(({ clientId }) => clientId);
}

/** `client_secret_basic` and `client_secret_post` (RFC 6749 §2.3.1). */
export const clientSecret: CallerMethod<'secrets', readonly SecretSection[], SecretDigests, ClientSecret> = {
  key: 'secrets',
  field: ListOf('`client_secret_basic` and `client_secret_post`; several make a rotation', () => SecretSection, {
    shortForm: 'value',
    example: ['${file:/run/secrets/orders}'],
  }),
  unique: undefined,
  challenge: basicChallenge,
  checkWritten: undefined,
  prepare: prepareSecrets,
  advertise: () => ({ methods: ['client_secret_basic', 'client_secret_post'], assertionAlgorithms: [] }),
  authenticator: ({ clock }) => new ClientSecret(clock),
};
