import { GuardedHttp, type HttpAnswer, type HttpQuestion } from '../../keys/source/guarded-http.js';
import { maskedUrl } from '../../shared/key-url.js';
import type { Clock } from '../../shared/clock.js';

/** A `Date` has whole seconds: the middle of the one that it names is half a second later. */
const HALF_SECOND_MS = 500;

/** Asks issuers as the service does, and remembers what only a check wants to know: where the keys were, and their server's clock. */
export class ObservedHttp extends GuardedHttp {
  /** Where the latest answer came from, without what may be a secret in it. */
  lastUrl: string | undefined;
  /** How far the server's clock is ahead of ours, by its `Date` (RFC 9110 §6.6.1); `undefined` where it has said none. */
  aheadMs: number | undefined;

  constructor(private readonly clock: Clock) {
    super();
  }

  override async get(question: HttpQuestion, signal: AbortSignal): Promise<HttpAnswer> {
    const askedMs = this.clock.wallMs();
    const answer = await super.get(question, signal);
    const middleMs = (askedMs + this.clock.wallMs()) / 2;
    this.lastUrl = maskedUrl(question.url);
    const { date, age } = answer.headers;
    const saidMs = date === undefined ? Number.NaN : Date.parse(date);
    // What a cache hands out carries the time of its origin.
    if (age === undefined && Number.isFinite(saidMs)) this.aheadMs = saidMs + HALF_SECOND_MS - middleMs;
    return answer;
  }
}
