import { ClaimValidator } from '../../src/claims/claim-validator.js';
import { Introspector } from '../../src/introspection/introspector.js';
import type { Caller } from '../../src/callers/caller.js';
import { Callers } from '../../src/callers/callers.js';
import type { CallersRedis } from '../../src/callers/limits/callers-redis.js';
import type { FailureLimits } from '../../src/callers/limits/failed-attempts.js';
import type { SecretSection } from '../../src/callers/methods/secret/prepare-secrets.js';
import type { CallerSection } from '../../src/callers/registration/callers.config.js';
import type { PreparedCaller } from '../../src/callers/registration/caller-directory.js';
import { OAuthError } from '../../src/transport/oauth-error.js';
import { prepareCaller } from '../../src/callers/registration/prepare-callers.js';
import type { PresentedCredentials } from '../../src/callers/credentials/presented-credentials.js';
import { ConfiguredIssuers } from '../../src/issuers/configured-issuers.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import { TokenVerifier } from '../../src/verification/token-verifier.js';
import { RecordedProblems } from '../builders/recorded-problems.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { KnownKeys } from '../fakes/known-keys.js';

/** This service's own issuer identifier in these tests. */
export const identifier = 'https://assay.example.com';

/** The parts that authenticate callers, put together as the application does, under a fake clock. */
export class Reception {
  readonly clock = new FakeClock();
  readonly keys = new KnownKeys();
  readonly issuers = new ConfiguredIssuers();
  readonly assertionIssuers = new ConfiguredIssuers();
  private readonly tokens = new TokenVerifier(this.issuers, this.keys, new ClaimValidator(this.clock));
  private readonly assertions = new TokenVerifier(this.assertionIssuers, this.keys, new ClaimValidator(this.clock));
  readonly introspector = new Introspector(this.tokens);
  readonly callers: Callers;

  /** @param redis where several of them meet */
  constructor(
    callers: readonly CallerSection[],
    issuers: readonly Issuer[] = [],
    limits: Partial<FailureLimits> = {},
    redis?: CallersRedis,
  ) {
    const { clock, tokens } = this;
    const assertions = { issuers: this.assertionIssuers, verifier: this.assertions };
    this.callers = new Callers({ clock, tokens, assertions, failureLimits: limits, redis });
    this.issuers.replace(issuers);
    this.register(callers);
  }

  /** Replaces all callers. */
  register(callers: readonly CallerSection[]): void {
    this.callers.replace(prepared(callers));
  }

  /** Who `presented` is. */
  async authenticate(presented: Partial<PresentedCredentials>): Promise<Caller> {
    return this.callers.authenticator.authenticate({ authorization: [], form: {}, source: '192.0.2.1', ...presented });
  }

  /** With what `presented` is refused. */
  async refusal(presented: Partial<PresentedCredentials>): Promise<OAuthError> {
    try {
      await this.authenticate(presented);
    } catch (error) {
      if (error instanceof OAuthError) return error;
      throw error;
    }
    throw new Error('was authenticated');
  }

  nowSeconds(): number {
    return this.clock.wallMs() / 1000;
  }
}

/** Callers as the configuration prepares them; it must be free of problems. */
export function prepared(callers: readonly CallerSection[]): readonly PreparedCaller[] {
  const recorded = new RecordedProblems();
  const place = recorded.place('callers');
  const made = callers.flatMap((section, i) => prepareCaller(section, place.at(i), { identifier }) ?? []);
  recorded.expectNone();
  return made;
}

/** What a caller registers, with secrets as they stand in most files. */
export type Registration = Partial<Omit<CallerSection, 'secrets'>> & {
  readonly secrets?: readonly (string | SecretSection)[];
};

/** A caller that may see everything; it still needs a way to authenticate. */
export function aCaller({ secrets, ...rest }: Registration = {}): CallerSection {
  return {
    id: 'orders-api',
    issuers: 'any',
    audiences: 'any',
    claims: 'any',
    proxy: false,
    ...rest,
    ...(secrets && { secrets: secrets.map((secret) => (typeof secret === 'string' ? { value: secret } : secret)) }),
  };
}

/** A Basic header of these two, as they are. */
export function basic(clientId: string, secret: string): Pick<PresentedCredentials, 'authorization'> {
  return { authorization: [`Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`] };
}

/** A Basic header as RFC 6749 §2.3.1 wants it: both form-encoded first. */
export function encodedBasic(clientId: string, secret: string): Pick<PresentedCredentials, 'authorization'> {
  const encoded = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);
  return basic(encoded(clientId), encoded(secret));
}

/** A Bearer header. */
export function bearer(token: string): Pick<PresentedCredentials, 'authorization'> {
  return { authorization: [`Bearer ${token}`] };
}
