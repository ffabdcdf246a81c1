import type { Clock } from '../../shared/clock.js';
import type { AuditAction } from '../../telemetry/audit.js';
import type { LogFields } from '../../telemetry/logger.js';
import type { KeyEvent, KeyEventOf } from './key-events.js';

/** Most issuers whose failure is remembered: tenants of a template come and go. */
const MOST_FAILING = 10_000;

/** That the fetches from an issuer began to fail, or succeed again, as the audit trail has it. */
export interface FetchTurn {
  readonly action: Extract<AuditAction, 'issuer_failing' | 'issuer_recovered'>;
  readonly fields: LogFields;
}

/** Finds among all fetches the few with which something changes: the first one that fails, and what ends the failure. */
export class FetchTurns {
  /** When fetches began to fail, monotonic time, by issuer. */
  private readonly failingSinceMs = new Map<string, number>();

  constructor(private readonly clock: Pick<Clock, 'monoMs'>) {}

  /** What changes with this event. */
  of(event: KeyEvent): FetchTurn | undefined {
    if (event.event === 'adopted') return this.adopted(event);
    if (event.event !== 'fetched') return undefined;
    const isGood = event.result === 'published' || event.result === 'unchanged';
    return isGood ? this.recovered(event.issuerId) : this.failed(event);
  }

  /** Keys came from another replica: the issuer answers again where it was asked for them after it began to fail here. */
  private adopted({ issuerId, afterMs }: KeyEventOf<'adopted'>): FetchTurn | undefined {
    const sinceMs = this.failingSinceMs.get(issuerId);
    return sinceMs !== undefined && this.clock.monoMs() - afterMs > sinceMs ? this.recovered(issuerId) : undefined;
  }

  private recovered(issuer: string): FetchTurn | undefined {
    return this.failingSinceMs.delete(issuer) ? { action: 'issuer_recovered', fields: { issuer } } : undefined;
  }

  private failed({ issuerId: issuer, result: category, host, stage }: KeyEventOf<'fetched'>): FetchTurn | undefined {
    if (this.failingSinceMs.has(issuer) || this.failingSinceMs.size >= MOST_FAILING) return undefined;
    this.failingSinceMs.set(issuer, this.clock.monoMs());
    return { action: 'issuer_failing', fields: { issuer, category, ...(host !== undefined && { host, stage }) } };
  }
}
