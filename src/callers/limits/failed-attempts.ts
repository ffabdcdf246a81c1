import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../shared/clock.js';

/** How many failures are free, and how fast they are forgiven. */
export interface FailureLimits {
  /** Failures in a row before the first wait. */
  readonly burst: number;
  /** Milliseconds in which one failure is forgiven. */
  readonly forgiveMs: number;
  /** How long a success at a source vouches for that client id there, in milliseconds; a sixtieth less where successes follow each other. */
  readonly provenMs: number;
  /** Sources, client ids and pairs that are remembered, each; the one not seen for longest is forgotten. */
  readonly entries: number;
}

/** A person who mistypes, or a fleet that restarts with an old secret, stays below; a thousand guesses a second become one. */
const defaults: FailureLimits = { burst: 100, forgiveMs: 1000, provenMs: 3_600_000, entries: 10_000 };

/** Longest client id that is counted as itself. */
const MAX_COUNTED_ID = 256;

/**
 * Slows the guessing of secrets (RFC 6749 §2.3.1) without handing an attacker a way to lock a caller out (R6749-07):
 *
 * - Attempts of a source that failed too often are not verified any more, except for client ids that it has lately proven:
 *   a caller that shares an address with an attacker goes on being served.
 * - Attempts for a client id that failed too often, from whichever source, are verified only for sources that owe nothing.
 *   A guesser gets few tries per address, and the caller itself, new address or not, is served at once.
 * - Only failures count. A right secret costs nothing and is never counted.
 */
export class FailedAttempts {
  private readonly limits: FailureLimits;
  private readonly sources: Debts;
  private readonly clients: Debts;
  private readonly proven: LRUCache<string, number>;

  constructor(
    private readonly clock: Clock,
    limits: Partial<FailureLimits> = {},
  ) {
    this.limits = { ...defaults, ...limits };
    this.sources = new Debts(this.limits);
    this.clients = new Debts(this.limits);
    this.proven = new LRUCache({ max: this.limits.entries });
  }

  /** Seconds to wait until an attempt of `source` as `clientId` may be verified; 0 = now. */
  waitSeconds(source: string, clientId: string | undefined): number {
    const nowMs = this.clock.monoMs();
    const network = networkOf(source);
    const owed = this.sources.owedMs(network, nowMs);
    if (owed === 0 || this.isProven(network, clientId, nowMs)) return 0;
    const clientWait = clientId === undefined ? 0 : this.clients.waitMs(countedId(clientId), nowMs);
    return inSeconds(Math.max(this.sources.waitMs(network, nowMs), clientWait));
  }

  /** Counts a failure. @returns seconds to wait before the next attempt; 0 while failures are still free */
  failed(source: string, clientId: string | undefined): number {
    const nowMs = this.clock.monoMs();
    const sourceWait = this.sources.charge(networkOf(source), nowMs);
    const clientWait = clientId === undefined ? 0 : this.clients.charge(countedId(clientId), nowMs);
    return inSeconds(Math.max(sourceWait, clientWait));
  }

  /** Remembers that `source` has proven to be `clientId`. */
  succeeded(source: string, clientId: string | undefined): void {
    const nowMs = this.clock.monoMs();
    const key = pair(networkOf(source), clientId);
    // Every request of every caller ends here: to move it to the front once in a while is enough.
    const provenAt = this.proven.peek(key);
    if (provenAt === undefined || nowMs - provenAt > this.limits.provenMs / 60) this.proven.set(key, nowMs);
  }

  private isProven(network: string, clientId: string | undefined, nowMs: number): boolean {
    const provenAt = this.proven.get(pair(network, clientId));
    return provenAt !== undefined && nowMs - provenAt < this.limits.provenMs;
  }
}

/** Leaky buckets (GCRA): each key owes `forgiveMs` per failure, and time pays. */
class Debts {
  /** Key to the monotonic time at which its debt is paid. */
  private readonly paidAt: LRUCache<string, number>;

  constructor(private readonly limits: FailureLimits) {
    this.paidAt = new LRUCache({ max: limits.entries });
  }

  owedMs(key: string, nowMs: number): number {
    return Math.max(0, (this.paidAt.get(key) ?? nowMs) - nowMs);
  }

  /** How long until one more failure would fit. */
  waitMs(key: string, nowMs: number): number {
    const { burst, forgiveMs } = this.limits;
    return Math.max(0, this.owedMs(key, nowMs) - (burst - 1) * forgiveMs);
  }

  /** Adds one failure, never beyond the burst: debts do not grow while no attempt is verified. */
  charge(key: string, nowMs: number): number {
    const { burst, forgiveMs } = this.limits;
    const owed = Math.min(this.owedMs(key, nowMs) + forgiveMs, burst * forgiveMs);
    this.paidAt.set(key, nowMs + owed);
    return this.waitMs(key, nowMs);
  }
}

/** An IPv6 host has a /64 to itself, so that is what is counted; an IPv4 address is counted however it is written. */
function networkOf(source: string): string {
  if (!source.includes(':') || !ipaddr.isValid(source)) return source;
  const address = ipaddr.process(source);
  if (address instanceof ipaddr.IPv4) return address.toString();
  return address.parts.slice(0, 4).join(':');
}

function countedId(clientId: string): string {
  return clientId.length <= MAX_COUNTED_ID ? clientId : '(overlong)';
}

function pair(network: string, clientId: string | undefined): string {
  return `${network} ${clientId === undefined ? '' : countedId(clientId)}`;
}

function inSeconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
