import type { RecordMac } from '../redis/record-mac.js';
import type { ChangeStore } from './change-store.js';
import { sealChange } from './sealed-change.js';

/** What {@link OfferedHints} works with. */
export interface OfferedHintsParts {
  readonly store: ChangeStore;
  readonly mac: RecordMac;
}

/** Hints of this replica, until the store has taken them. */
export class OfferedHints {
  /** Texts that each of them replaces, by its own text. */
  private readonly owed = new Map<string, readonly string[]>();

  constructor(private readonly parts: OfferedHintsParts) {}

  /** Brings a hint to the store, now or with one of the next calls of {@link settle}. Never rejects. */
  async offer(kind: 'keys', text: string, instead: readonly string[]): Promise<void> {
    this.owed.set(text, instead);
    await this.append(kind, text, instead).catch(() => undefined);
  }

  /** Brings what the store did not take yet. Never rejects. */
  async settle(): Promise<void> {
    for (const [text, instead] of [...this.owed]) await this.append('keys', text, instead).catch(() => undefined);
  }

  private async append(kind: 'keys', text: string, instead: readonly string[]): Promise<void> {
    const seal = (each: string): string => sealChange(this.parts.mac, kind, each);
    await this.parts.store.append({ kind, sealed: seal(text), instead: instead.map(seal) });
    this.owed.delete(text);
  }
}
