import type { Clock, Timer } from '../../shared/clock.js';
import type { Audit } from '../../telemetry/audit.js';
import type { LogFields } from '../../telemetry/logger.js';

/** How long the same refusal is counted before the count is written down, in milliseconds. */
export const TALLY_MS = 60_000;

/** Different refusals that are counted apart in that time: what a flood can write in a minute, and keep in memory. */
export const MOST_REFUSALS = 10_000;

/** What a refusal is about; `door` and `reason` are of fixed sets. */
export interface RefusalFields extends LogFields {
  readonly door: string;
  readonly reason: string;
}

interface Counted {
  readonly fields: LogFields;
  count: number;
}

/**
 * Counts refusals, so that a flood of them cannot fill a disk. What an issuer's key has signed is written down the first time, and
 * counted when it is refused again; what anyone can make up is only counted (docs/adr/0009-what-the-audit-trail-keeps.md).
 */
export class RefusalTally {
  private readonly counted = new Map<string, Counted>();
  private sinceMs = 0;
  private timer: Timer | undefined;

  constructor(
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** A refusal of a token that no known key has signed. */
  count(fields: RefusalFields): void {
    this.entryOf(fields).count++;
  }

  /**
   * A refusal of a token that an issuer's key has signed.
   * @param once what is different each time, and does not tell refusals apart
   */
  write(fields: RefusalFields, once: LogFields = {}): void {
    const entry = this.entryOf(fields);
    const isFirst = entry.fields === fields;
    if (isFirst) this.audit.recordSoon('decision', { ...fields, ...once }, 'evidence');
    else entry.count++;
  }

  /** Writes down what was counted, and begins anew. */
  flush(): void {
    this.timer?.cancel();
    this.timer = undefined;
    const since = new Date(this.sinceMs).toISOString();
    for (const { fields, count } of this.counted.values()) {
      if (count > 0) this.audit.recordSoon('decisions_refused', { ...fields, count, since }, 'evidence');
    }
    this.counted.clear();
  }

  private entryOf(fields: RefusalFields): Counted {
    this.begin();
    return this.entry(fields) ?? this.entry({ door: fields.door, reason: fields.reason }, Number.POSITIVE_INFINITY);
  }

  private entry(fields: LogFields, most: number): Counted;
  private entry(fields: LogFields): Counted | undefined;
  private entry(fields: LogFields, most = MOST_REFUSALS): Counted | undefined {
    const name = JSON.stringify(fields);
    const known = this.counted.get(name);
    if (known || this.counted.size >= most) return known;
    const entry = { fields, count: 0 };
    this.counted.set(name, entry);
    return entry;
  }

  private begin(): void {
    if (this.timer) return;
    this.sinceMs = this.clock.wallMs();
    this.timer = this.clock.after(TALLY_MS, () => {
      this.flush();
    });
  }
}
