import { CLOCK_SLACK_MS } from '../../src/keys/fleet/store-offset.js';
import type { Interval, Plan } from './plan.js';

const second = 1_000;
/** An issuer that failed is left alone for up to this long after it works again, or twice that by replicas alone. */
const BACKOFF_MS = 120 * second;
/** A link is tried again up to this long after it works again, and then there is something to load or to bring back. */
const RECONNECT_MS = 20 * second;
/** A lease that nobody ends keeps others out this long. */
const LEASE_MS = 8 * second;

/** Most that the wall clock of a host is wrong. */
export const WALL_ERROR_MS = 2 * second;

/** What a replica may suffer from, with its aftermath: only outside of it do the bounds for good times hold. */
export class Trouble {
  private readonly ofAll: readonly Interval[];

  constructor(private readonly plan: Plan) {
    const { moods, shocks, pauses, restarts } = plan;
    this.ofAll = [
      ...moods.map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs + BACKOFF_MS })),
      ...shocks.map(({ atMs }) => ({ fromMs: atMs, toMs: atMs + RECONNECT_MS + 10 * second })),
      ...restarts.map(({ atMs }) => ({ fromMs: atMs, toMs: atMs + LEASE_MS })),
      ...pauses.map(({ fromMs }) => ({ fromMs, toMs: fromMs + LEASE_MS })),
      // A replica that holds a lease may lose its link.
      ...plan.linkFaults.map(({ fromMs }) => ({ fromMs, toMs: fromMs + LEASE_MS })),
    ];
  }

  /** How much of the time the replica was in trouble. */
  lengthMs(replica: number, during: Interval): number {
    return lengthOfUnion([...this.ofAll, ...this.own(replica)], during);
  }

  /** Whether there was none. */
  isNone(replica: number, during: Interval): boolean {
    return this.lengthMs(replica, during) === 0;
  }

  /** The same, for all replicas and with all servers. */
  isNoneAnywhere(during: Interval): boolean {
    return [...Array(this.plan.replicas).keys()].every((replica) => this.isNone(replica, during));
  }

  /** Whether the way to the store, or time itself, was disturbed for the replica. */
  isCutOff(replica: number, during: Interval): boolean {
    const shocks = this.plan.shocks.map(({ atMs }) => ({ fromMs: atMs, toMs: atMs + RECONNECT_MS + 10 * second }));
    return lengthOfUnion([...shocks, ...this.own(replica), ...this.clocksApart()], during) > 0;
  }

  /** Whether that is so for any of them: then it decides alone, and is not expected to know what others have fetched. */
  isAnyCutOff(during: Interval): boolean {
    return [...Array(this.plan.replicas).keys()].some((replica) => this.isCutOff(replica, during));
  }

  /** While the store's clock may be too far from that of a host, whose error is up to 2 s, replicas decide alone. */
  private clocksApart(): readonly Interval[] {
    const moves = this.plan.shocks.filter(({ shock }) => shock === 'clock').toSorted((a, b) => a.atMs - b.atMs);
    let errorMs = 0;
    return moves.flatMap(({ atMs, byMs }, i) => {
      errorMs += byMs;
      const toMs = moves[i + 1]?.atMs ?? Number.POSITIVE_INFINITY;
      return Math.abs(errorMs) > CLOCK_SLACK_MS - WALL_ERROR_MS ? [{ fromMs: atMs, toMs: toMs + RECONNECT_MS }] : [];
    });
  }

  /** How far the store's clock was moved altogether. */
  clockMovesMs(untilMs: number): number {
    const moves = this.plan.shocks.filter(({ shock, atMs }) => shock === 'clock' && atMs <= untilMs);
    return moves.reduce((sum, { byMs }) => sum + Math.abs(byMs), 0);
  }

  private own(replica: number): readonly Interval[] {
    const { linkFaults, pauses, restarts } = this.plan;
    return [
      ...linkFaults.filter(({ replicas, fault }) => fault === 'other_side' || replicas.has(replica)),
      ...pauses.filter((pause) => pause.replica === replica),
      ...restarts
        .filter((restart) => restart.replica === replica)
        .map(({ atMs }) => ({ fromMs: atMs - second, toMs: atMs })),
    ].map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs + RECONNECT_MS }));
  }
}

function lengthOfUnion(intervals: readonly Interval[], during: Interval): number {
  const cut = intervals
    .map(({ fromMs, toMs }) => ({ fromMs: Math.max(fromMs, during.fromMs), toMs: Math.min(toMs, during.toMs) }))
    .filter(({ fromMs, toMs }) => toMs > fromMs)
    .sort((one, other) => one.fromMs - other.fromMs);
  let length = 0;
  let coveredMs = Number.NEGATIVE_INFINITY;
  for (const { fromMs, toMs } of cut) {
    length += Math.max(0, toMs - Math.max(fromMs, coveredMs));
    coveredMs = Math.max(coveredMs, toMs);
  }
  return length;
}
