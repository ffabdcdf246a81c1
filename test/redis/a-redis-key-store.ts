import { Cluster } from 'ioredis';
import { KeyEvents, type KeyEvent } from '../../src/keys/events/key-events.js';
import { RecordMac, type RecordKey, type RecordRefusal } from '../../src/redis/record-mac.js';
import { RedisKeyStore, type RedisKeyStoreParts } from '../../src/keys/store/redis-key-store.js';
import { redisClient } from '../../src/redis/redis-client.js';
import { RedisLink } from '../../src/redis/redis-link.js';
import { RedisNames } from '../../src/redis/redis-names.js';
import type { RedisLocation } from '../../src/redis/redis-location.js';
import { SystemClock } from '../../src/shared/clock.js';

/** Long and varied enough to be believed; not a secret. */
export const testRecordKey: RecordKey = { id: 'k1', secret: 'a-record-key-for-tests-0123456789' };

/** Whose data the tests keep in Redis, and how it is called there. */
export const testEnvironment = 'https://assay.example';
export const testNames = new RedisNames(testEnvironment);

/** Keeps every event about keys. */
export class CollectedKeyEvents extends KeyEvents {
  readonly all: KeyEvent[] = [];

  override report(event: KeyEvent): void {
    this.all.push(event);
  }

  /** For a store, which knows sources and no issuers. */
  readonly refused = (source: string, reason: RecordRefusal): void => {
    this.report({ event: 'record_refused', issuerId: `id of ${source}`, reason });
  };

  /** Reasons for which records were refused, in order. */
  get refusals(): readonly string[] {
    return this.all.flatMap((event) => (event.event === 'record_refused' ? event.reason : []));
  }
}

/** Time that a test moves, in place of that of Redis. */
export class StoreTime {
  ms = Date.parse('2026-11-21T12:00:00Z');

  readonly now = (): number => this.ms;

  readonly advance = (ms: number): Promise<void> => {
    this.ms += ms;
    return Promise.resolve();
  };
}

/** A busy machine that runs tests answers late; how late is not what most of them are about. In milliseconds. */
const PATIENCE_MS = 5_000;

/** A link that has connected, and that waits longer for answers than in production. Close it. */
export async function connectedLink(location: RedisLocation): Promise<RedisLink> {
  const client = redisClient(location, 'test');
  const options = client instanceof Cluster ? client.options.redisOptions : client.options;
  if (options) options.commandTimeout = PATIENCE_MS;
  client.on('error', () => undefined);
  await client.connect();
  return new RedisLink(client, new SystemClock());
}

/** A store over `primary`; unless `parts` say otherwise it has a key of its own, and reports nothing. */
export function aRedisKeyStore(primary: RedisLink, parts: Partial<RedisKeyStoreParts> = {}): RedisKeyStore {
  return new RedisKeyStore({
    primary,
    mac: new RecordMac(testEnvironment, [testRecordKey]),
    names: testNames,
    onRefused: () => undefined,
    ...parts,
  });
}
