import { registrationsOf } from '../../callers/methods/caller-methods.js';
import type { Clock } from '../../shared/clock.js';
import { FairQueue } from '../../shared/fair-queue.js';
import type { GoodConfiguration } from '../load-file.js';
import { checkClock } from './check-clock.js';
import { checkIssuer, type IssuerCheck, type KeyOwner } from './check-issuer.js';
import { checkRedis } from './check-redis.js';
import type { OnlineRow } from './online-row.js';

/** Issuers that are asked at a time: with a thousand of them this machine would be the slow one. */
const AT_A_TIME = 20;

/** What {@link checkOnline} is done with. */
export interface OnlineTools {
  readonly clock: Clock;
  /** Takes how far it has come. */
  readonly progress: (text: string) => void;
}

/**
 * Asks everybody whom a service with this configuration would ask: each issuer, each caller that publishes keys, Redis; and
 * compares clocks. Nothing is changed anywhere, and each is waited for only so long.
 */
export async function checkOnline(
  { prepared }: GoodConfiguration,
  { clock, progress }: OnlineTools,
): Promise<readonly OnlineRow[]> {
  const owners = ownersOf(prepared);
  const queue = new FairQueue({ total: AT_A_TIME, perLine: AT_A_TIME, waiting: Number.POSITIVE_INFINITY });
  let asked = 0;
  const check = async (owner: KeyOwner): Promise<IssuerCheck> => {
    const result = await checkIssuer(owner, clock);
    progress(`${++asked} of ${owners.length} asked`);
    return result;
  };
  const [checks, redis] = await Promise.all([
    Promise.all(owners.map((owner) => queue.run('issuers', () => check(owner), endless))),
    prepared.redis ? checkRedis(prepared.redis, clock) : [],
  ]);
  progress('');
  const clocks = checks.flatMap(({ row: { id }, aheadMs }) => (aheadMs === undefined ? [] : [{ id, aheadMs }]));
  return [...checks.map(({ row }) => row), ...redis, ...[checkClock(clocks) ?? []].flat()];
}

function ownersOf({ issuers, callers }: GoodConfiguration['prepared']): readonly KeyOwner[] {
  const publishing = registrationsOf('assertion', callers.registered).flatMap(({ caller, registered }) =>
    registered.keys.kind === 'static' ? [] : [{ id: caller.id, issuer: registered }],
  );
  return [
    ...issuers.map((issuer): KeyOwner => ({ kind: 'issuer', id: issuer.id, issuer })),
    ...publishing.map((caller): KeyOwner => ({ kind: 'caller', ...caller })),
  ];
}

function endless(): Error {
  return new Error('the queue of issuers has no limit');
}
