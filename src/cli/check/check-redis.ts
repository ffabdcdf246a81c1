import { Cluster } from 'ioredis';
import { CLOCK_SLACK_MS } from '../../keys/fleet/store-offset.js';
import { watchConnectionErrors } from '../../redis/connection-errors.js';
import type { RedisSettings } from '../../redis/prepare-redis.js';
import { redisClient } from '../../redis/redis-client.js';
import { failureOf, redisFailures, type RedisFailure } from '../../redis/redis-failure.js';
import type { RedisClient } from '../../redis/redis-link.js';
import type { RedisLocation } from '../../redis/redis-location.js';
import { RedisNames } from '../../redis/redis-names.js';
import type { Clock } from '../../shared/clock.js';
import type { OnlineRow } from './online-row.js';

/** How this command is called in `CLIENT LIST`. */
const CONNECTION_NAME = 'assay-check';
/** Longest wait for one server: the service would have given up three times. */
const PATIENCE_MS = 3_000;
/** How long a reason may take to be found where the client has only said that the connection is closed. */
const REASON_MS = 1_500;

/** Whether the shared store does what the service needs of it: connects, lets us in, runs a script, and has the right time. */
export function checkRedis({ primary, reader, environment }: RedisSettings, clock: Clock): Promise<OnlineRow[]> {
  const key = new RedisNames(environment).of('check');
  const servers = [['primary', primary] as const, ...(reader ? [['reader', reader] as const] : [])];
  return Promise.all(servers.map(([role, location]) => checkServer(role, location, key, clock)));
}

type Role = 'primary' | 'reader';

async function checkServer(role: Role, location: RedisLocation, key: string, clock: Clock): Promise<OnlineRow> {
  const about = { kind: 'redis', id: role } as const;
  const reasons = new Reasons();
  const client = redisClient(location, CONNECTION_NAME);
  watchConnectionErrors(client, location, clock, reasons.add);
  try {
    const aheadMs = await within(PATIENCE_MS, clock, ask(client, role, key, clock));
    const facts = { aheadSeconds: Math.round(aheadMs / 100) / 10 };
    if (Math.abs(aheadMs) <= CLOCK_SLACK_MS)
      return { ...about, result: 'good', found: 'answers, and has our time', facts };
    const found = `answers, and its clock is ${Math.round(aheadMs / 1_000)} s ahead of ours`;
    const remedy = 'set the one that is wrong: while they are apart a replica decides alone, and shares no keys';
    return { ...about, result: 'warning', found, remedy, facts };
  } catch (error) {
    reasons.add(error);
    if (!reasons.isKnown) await clock.sleep(REASON_MS, reasons.known);
    const reason = reasons.best;
    const [found, remedy] = redisFailures[reason].split(/: (.*)/s);
    return { ...about, result: 'failed', found: found ?? reason, remedy: remedy ?? 'see its log', facts: { reason } };
  } finally {
    client.disconnect();
  }
}

/** @returns how far the clock of the server is ahead of ours, in milliseconds */
async function ask(client: RedisClient, role: Role, key: string, clock: Clock): Promise<number> {
  await client.connect();
  const askedMs = clock.wallMs();
  const [seconds, micros] = (await client.eval("return redis.call('TIME')", 1, key)) as readonly [string, string];
  const middleMs = (askedMs + clock.wallMs()) / 2;
  if (role === 'primary' && !(client instanceof Cluster) && /^role:slave/m.test(await client.info('replication'))) {
    throw new Error('READONLY: a read replica');
  }
  return Number(seconds) * 1_000 + Number(micros) / 1_000 - middleMs;
}

/** Why a server does not answer: of several errors the one that says the most. */
class Reasons {
  private readonly found = new Set<RedisFailure>();
  private readonly controller = new AbortController();

  readonly add = (error: unknown): void => {
    this.found.add(failureOf(error));
    if (this.isKnown) this.controller.abort();
  };

  /** Aborts when a reason is known. */
  get known(): AbortSignal {
    return this.controller.signal;
  }

  get isKnown(): boolean {
    return [...this.found].some((reason) => !vague.has(reason));
  }

  get best(): RedisFailure {
    const all = [...this.found];
    return all.find((reason) => !vague.has(reason)) ?? all[0] ?? 'other';
  }
}

/** What every connection ends with, whatever the reason was. */
const vague: ReadonlySet<RedisFailure> = new Set(['closed', 'other', 'timeout']);

async function within<Value>(mostMs: number, clock: Clock, work: Promise<Value>): Promise<Value> {
  const over = new AbortController();
  try {
    return await Promise.race([
      work,
      clock.sleep(mostMs, over.signal).then(() => {
        throw new Error('timed out');
      }),
    ]);
  } finally {
    over.abort();
    work.catch(() => undefined);
  }
}
