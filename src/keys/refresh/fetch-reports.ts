import type { Clock } from '../../shared/clock.js';
import type { KeyEvents, FetchReason } from '../events/key-events.js';
import type { KeyFetchFailure } from '../source/key-fetch-failure.js';
import type { AnswerSize, Observation } from '../source/key-source.js';
import type { FetchHistory } from './fetch-history.js';

/** What operators hear of the fetches from one issuer. */
export class FetchReports {
  constructor(
    private readonly issuerId: () => string,
    private readonly history: FetchHistory,
    private readonly parts: { readonly clock: Clock; readonly events: KeyEvents },
  ) {}

  /** Keys of the set that are not used. */
  drops(observation: Observation): void {
    if (observation.kind !== 'published') return;
    for (const [reason, count] of observation.dropped) {
      this.parts.events.report({ event: 'dropped', issuerId: this.issuerId(), reason, count });
    }
  }

  /** @param sinceMs monotonic time at which the fetch began */
  success(kind: FetchReason, { kind: result, size }: Observation, sinceMs: number): void {
    this.history.succeeded();
    this.fetched(kind, result, sinceMs, size && { size });
  }

  /** @param sinceMs monotonic time at which the fetch began */
  failure(kind: FetchReason, failure: KeyFetchFailure, sinceMs: number): void {
    this.history.failed(failure);
    const { category, detail } = failure;
    this.fetched(kind, category, sinceMs, detail === undefined ? {} : { detail });
  }

  private fetched(
    kind: FetchReason,
    result: Observation['kind'] | KeyFetchFailure['category'],
    sinceMs: number,
    about: { readonly detail?: string; readonly size?: AnswerSize } = {},
  ): void {
    const tookMs = Math.round(this.parts.clock.monoMs() - sinceMs);
    this.parts.events.report({ event: 'fetched', issuerId: this.issuerId(), kind, result, tookMs, ...about });
  }
}
