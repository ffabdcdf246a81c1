import type { AnswerSize } from '../source/key-source.js';
import type { KeyEventOf } from './key-events.js';

/** What is known of the latest answer of an issuer. */
export interface LatestAnswer {
  /** Entries of the latest published set that are not used. */
  readonly dropped: number;
  readonly upstreamAgeMs: number;
}

const noAnswer: LatestAnswer = { dropped: 0, upstreamAgeMs: 0 };

/** Keeps what metrics show of the latest answer of each issuer, because it arrives in several events. */
export class LatestAnswers {
  /** Entries that the fetch under way does not use, by issuer. */
  private readonly dropping = new Map<string, number>();
  private readonly answers = new Map<string, LatestAnswer>();

  /** What the issuer answered when this replica last fetched its keys. */
  of(issuerId: string): LatestAnswer {
    return this.answers.get(issuerId) ?? noAnswer;
  }

  /** Entries of the set that is being read are not used. Comes before {@link fetched}. */
  dropped(issuerId: string, count: number): void {
    this.dropping.set(issuerId, (this.dropping.get(issuerId) ?? 0) + count);
  }

  /** A fetch has ended. @param size of the answer, where there was a good one */
  fetched(issuerId: string, result: KeyEventOf<'fetched'>['result'], size: AnswerSize | undefined): void {
    const dropped = this.dropping.get(issuerId) ?? 0;
    this.dropping.delete(issuerId);
    if (!size) return;
    const { upstreamAgeMs } = size;
    // An unchanged set has the same unused entries as before, and no body.
    this.answers.set(issuerId, {
      dropped: result === 'published' ? dropped : this.of(issuerId).dropped,
      upstreamAgeMs,
    });
  }
}
