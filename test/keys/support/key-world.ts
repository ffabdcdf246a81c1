import { anIssuer } from '../../builders/an-issuer.js';
import { eventually } from '../../fakes/eventually.js';
import type { FakeIssuer, FakeKey } from '../../fakes/fake-issuer.js';
import { ConfiguredIssuers } from '../../../src/issuers/configured-issuers.js';
import { defaultFreshness } from '../../../src/issuers/freshness.config.js';
import type { Freshness, Issuer } from '../../../src/issuers/issuer.js';
import { composeKeys, type KeyManagerParts } from '../../../src/keys/compose-keys.js';
import type { Resolve } from '../../../src/keys/source/guarded-connector.js';
import { GuardedHttp } from '../../../src/keys/source/guarded-http.js';
import { KeyEvents, type KeyEvent } from '../../../src/keys/events/key-events.js';
import type { KeyManager } from '../../../src/keys/key-manager.js';
import { KeysUnavailable, KeyUndetermined } from '../../../src/keys/key-resolver.js';
import { SystemClock } from '../../../src/shared/clock.js';
import type { JwtHeader } from '../../../src/tokens/unverified-jwt.js';
import type { Algorithm } from '../../../src/tokens/algorithms.js';

/** Remembers every event. */
export class RecordedKeyEvents extends KeyEvents {
  readonly all: KeyEvent[] = [];

  override report(event: KeyEvent): void {
    this.all.push(event);
  }

  /** Results of the fetches from one issuer, in order. */
  results(issuerId: string): readonly string[] {
    return this.all.flatMap((event) => (event.event === 'fetched' && event.issuerId === issuerId ? event.result : []));
  }

  /** Changes of keys, as `change thumbprint`. */
  changes(issuerId: string): readonly string[] {
    return this.all.flatMap((event) =>
      event.event === 'key' && event.issuerId === issuerId ? `${event.change} ${event.thumbprint}` : [],
    );
  }

  drops(issuerId: string): Readonly<Record<string, number>> {
    return Object.fromEntries(
      this.all.flatMap((event) =>
        event.event === 'dropped' && event.issuerId === issuerId ? [[event.reason, event.count]] : [],
      ),
    );
  }
}

/** What a token of this key says in its header. */
export function headerOf({ kid, alg }: Pick<FakeKey, 'kid' | 'alg'>): JwtHeader {
  return { alg: alg as Algorithm, kid };
}

/** A header that names a key nobody has. */
export function unknownHeader(kid = 'nobody'): JwtHeader {
  return { alg: 'ES256', kid };
}

/** An issuer whose key set is at a URL of the fake. */
export function issuerAt(fake: FakeIssuer, differences: Partial<Issuer> = {}): Issuer {
  const id = differences.id ?? 'h';
  return anIssuer({
    id,
    issuer: fake.issuer,
    keys: { kind: 'jwksUri', url: fake.jwksUri },
    network: { allowPrivate: true },
    keySourceFingerprint: `${id} ${fake.jwksUri}`,
    ...differences,
  });
}

/** Short enough to be seen to pass on the host's clock. */
export const quick: Freshness = { ...defaultFreshness, refreshMs: 1_000, minSpacingMs: 1, missCooldownMs: 1_000 };

/** A deadline that a test waits for on the host's clock: long enough for an honest answer on a busy machine, in milliseconds. */
export const SHORT_DEADLINE_MS = 1_200;

/** A key manager over these issuers, started, on the host's clock unless `tools` say otherwise. */
export class KeyWorld {
  readonly issuers = new ConfiguredIssuers();
  readonly events = new RecordedKeyEvents();
  readonly keys: KeyManager;

  /** @param tools `asked` collects the names that are looked up; nothing is, by default, but `localhost` */
  constructor(
    issuers: readonly Issuer[],
    { asked = [], ...tools }: Partial<KeyManagerParts> & { asked?: string[] } = {},
  ) {
    this.issuers.replace(issuers);
    const noDns: Resolve = async (hostname) => {
      asked.push(hostname);
      if (hostname === 'localhost') return [{ address: '127.0.0.1', family: 4 }];
      throw new Error('tests look nothing up');
    };
    this.keys = composeKeys({
      issuers: this.issuers,
      clock: new SystemClock(),
      events: this.events,
      http: new GuardedHttp(noDns),
      ...tools,
    });
  }

  /** What a token with this header meets: how many keys may have signed it, or that nobody can know. */
  async verdict(id: string, header: JwtHeader): Promise<number | 'unavailable' | 'undetermined'> {
    try {
      return (await this.keys.find(this.issuers.byId(id)!, header)).length;
    } catch (error) {
      if (error instanceof KeyUndetermined) return 'undetermined';
      if (error instanceof KeysUnavailable) return 'unavailable';
      throw error;
    }
  }

  /** Resolves when `count` fetches from an issuer have ended; requests may have stopped waiting for them earlier. */
  async fetchEnded(id: string, count: number): Promise<void> {
    await eventually(() => this.events.results(id).length >= count);
  }

  freshness(id: string) {
    return this.keys.freshness().find(({ issuerId }) => issuerId === id)!;
  }

  [Symbol.dispose](): void {
    this.keys.stop();
  }
}
