/** Authenticates callers by their secrets, as fast for a wrong one as for a right one. */
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
import type { WeakSecrets } from '../../limits/weak-secrets.js';
import type {
  MethodAuthenticator,
  Registration,
  CallerMethod,
  FoundCredentials,
  PresentedMethod,
} from '../caller-method.js';
import { prepareSecrets, SecretSection } from './prepare-secrets.js';
import { ProvenHeaders } from './proven-headers.js';
import { nobodysSecrets, type SecretDigests, type SecretMatch } from './secret-digest.js';

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

  constructor(
    private readonly clock: Clock,
    private readonly weakSecrets: WeakSecrets,
  ) {
    this.provenHeaders = new ProvenHeaders(clock);
  }

  replace(registrations: readonly Registration<SecretDigests>[]): void {
    this.registrations = new Map(registrations.map((registration) => [registration.caller.id, registration]));
    this.provenHeaders.clear();
    const nowMs = this.clock.wallMs();
    const guessable = registrations.filter(({ registered }) => registered.areGuessable(nowMs));
    this.weakSecrets.keep(new Set(guessable.map(({ caller }) => caller.id)));
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
    return (
      proven && { claimedIds: proven.claimedIds, isGuess: true, prove: () => proven.caller, refusal: refusedBasic }
    );
  }

  /** Says whose these credentials are. */
  authenticate(readings: readonly ClientCredentials[]): Proven {
    const proof = this.prove(readings);
    return isProof(proof) ? proof.caller : proof;
  }

  private fromHeader(credentials: string, request: PresentedCredentials): PresentedMethod {
    const readings = readingsFor(credentials, request.form.clientId);
    const claimedIds = idsOf(readings);
    const prove = (): Proven => {
      const proof = this.prove(readings);
      if (!isProof(proof)) return proof;
      const header = loneHeader(request);
      if (header !== undefined) this.provenHeaders.remember(header, { ...proof, claimedIds });
      return proof.caller;
    };
    return { claimedIds, isGuess: true, prove, refusal: refusedBasic };
  }

  private fromForm(clientId: string | undefined, secret: string): PresentedMethod {
    const readings = clientId === undefined ? [] : [{ clientId, secret }].filter(isPrintable);
    const prove = (): Proven => this.authenticate(readings);
    return { claimedIds: idsOf(readings), isGuess: true, prove, refusal: invalidClient };
  }

  /**
   * Tries every reading of what was presented, and takes as long for a caller that does not exist (R6749-13). A strong secret is
   * always judged; a weak one only while its limit lets it be, and nothing that depends on it is remembered.
   */
  private prove(readings: readonly ClientCredentials[]): Proof | Proven {
    const nowMs = this.clock.wallMs();
    const tried = readings.map((reading) => this.tryReading(reading, nowMs));
    const strong = tried.find(({ match }) => match === 'strong')?.registration;
    if (strong) return { caller: strong.caller, untilMs: strong.registered.unchangedUntilMs(nowMs) };
    const guesses = tried.flatMap(({ registration, match }) =>
      registration?.registered.areGuessable(nowMs) ? [{ caller: registration.caller, isRight: match === 'weak' }] : [],
    );
    return guesses.length === 0 ? wrong : this.judgeGuesses(guesses);
  }

  private tryReading({ clientId, secret }: ClientCredentials, nowMs: number): TriedReading {
    const registration = this.registrations.get(clientId);
    return { registration, match: (registration?.registered ?? nobodysSecrets).match(secret, nowMs) };
  }

  private async judgeGuesses(
    guesses: readonly { readonly caller: Caller; readonly isRight: boolean }[],
  ): Promise<Caller | AuthenticationFailure> {
    const { registrations } = this;
    let failure = wrong;
    for (const { caller, isRight } of guesses) {
      const guess = await this.weakSecrets.judge(caller.id, isRight);
      // Everything may have been configured anew while the limit was asked: what was right is nothing now.
      if (registrations !== this.registrations) return new AuthenticationFailure('the registration changed meanwhile');
      if ('waitMs' in guess) {
        failure = new AuthenticationFailure('its weak secret was guessed at too often', caller.id, guess.waitMs);
      } else if (guess.isRight) return caller;
    }
    return failure;
  }
}

/** What proving comes to: at once, unless the limit of a weak secret must be asked for. */
type Proven = ReturnType<PresentedMethod['prove']>;

interface TriedReading {
  readonly registration: Registration<SecretDigests> | undefined;
  readonly match: SecretMatch;
}

const wrong = new AuthenticationFailure('unknown client id or wrong secret');

function isProof(proof: Proof | Proven): proof is Proof {
  return 'untilMs' in proof;
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
  authenticator: ({ clock, weakSecrets }) => new ClientSecret(clock, weakSecrets),
};
