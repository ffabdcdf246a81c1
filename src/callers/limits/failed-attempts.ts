import { LRUCache } from 'lru-cache';
import type { Clock } from '../../shared/clock.js';
import { Debt, type DebtTerms } from './debt.js';
import { networkOf } from '../../transport/network-of.js';

/** How many failures are free, and how fast they are forgiven. */
export interface FailureLimits extends DebtTerms {
  /** Sources and client ids that are remembered, each; the one not seen for longest is forgotten. */
  readonly entries: number;
}

/** A person who mistypes, or a fleet that restarts with an old secret, stays below. */
const defaults: FailureLimits = { burst: 100, forgiveMs: 1000, entries: 10_000 };

/** Longest client id that is counted as itself. */
const MAX_COUNTED_ID = 256;

/**
 * Counts wrong secrets by source and by client id (RFC 6749 §2.3.1), and says when a wrong one is to be answered 429. It decides
 * only that: it is asked about failures, after every attempt was judged, so that nobody's failures can refuse a right secret.
 * What makes guessing hopeless is the strength of the secrets; weak ones have a limit of their own ({@link WeakSecrets}).
 */
export class FailedAttempts {
  private readonly limits: FailureLimits;
  private readonly sources: LRUCache<string, Debt>;
  private readonly clients: LRUCache<string, Debt>;

  constructor(
    private readonly clock: Clock,
    limits: Partial<FailureLimits> = {},
  ) {
    this.limits = { ...defaults, ...limits };
    this.sources = new LRUCache({ max: this.limits.entries });
    this.clients = new LRUCache({ max: this.limits.entries });
  }

  /** Counts a failure. @returns seconds to wait before the next attempt makes sense; 0 while failures are still free */
  failed(source: string, clientId: string | undefined): number {
    const sourceWait = this.charge(this.sources, networkOf(source));
    const clientWait = clientId === undefined ? 0 : this.charge(this.clients, countedId(clientId));
    return Math.ceil(Math.max(sourceWait, clientWait) / 1000);
  }

  private charge(debts: LRUCache<string, Debt>, key: string): number {
    const nowMs = this.clock.monoMs();
    const debt = debts.get(key) ?? new Debt(this.limits);
    debts.set(key, debt);
    debt.add(nowMs);
    return debt.waitMs(nowMs);
  }
}

function countedId(clientId: string): string {
  return clientId.length <= MAX_COUNTED_ID ? clientId : '(overlong)';
}
