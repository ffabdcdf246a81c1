/** Keeps requests that wait for events, within bounds for each caller. */
import type { Clock } from '../../shared/clock.js';
import { OAuthError } from '../../transport/oauth-error.js';

/** Requests of one caller that may wait at once: one for each of its processes. */
export const MOST_POLLS_OF_A_CALLER = 200;

/** Requests that may wait in all: a fifth of the connections that a listener takes. */
export const MOST_POLLS = 2_000;

/** A refused poll is not to be tried again in a loop. */
const RETRY_AFTER_SECONDS = 5;

/** A request that waits for something to answer. */
export interface Poll<T> {
  readonly callerId: string;
  readonly patienceMs: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly gone: AbortSignal;
  /**
   * @param isLast whether it must answer now, with nothing if need be
   * @returns undefined to go on waiting
   * @throws what the request is refused with
   */
  readonly attempt: (isLast: boolean) => T | undefined;
}

/** Requests that wait for events, within bounds: what waits holds a connection, and a caller may want many. */
export class OpenPolls<T> {
  private readonly open = new Set<(isLast: boolean) => void>();
  private readonly byCaller = new Map<string, number>();
  private isEnding = false;

  constructor(private readonly clock: Clock) {}

  /** How many wait now. */
  get size(): number {
    return this.open.size;
  }

  /** Something has happened: whoever can be answered is. */
  wake(): void {
    for (const attempt of [...this.open]) attempt(this.isEnding);
  }

  /** Nobody waits from now on. */
  end(): void {
    this.isEnding = true;
    this.wake();
  }

  /** @throws {OAuthError} 429 where this caller has too many, 503 where there are too many in all */
  async wait(poll: Poll<T>): Promise<T> {
    const { callerId, gone } = poll;
    this.refuseWhereFull(callerId);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const attempt = (isLast: boolean): void => {
      try {
        const answer = poll.attempt(isLast);
        if (answer !== undefined) resolve(answer);
      } catch (error) {
        reject(error);
      }
    };
    const last = (): void => {
      attempt(true);
    };
    const timer = this.clock.after(poll.patienceMs, last);
    gone.addEventListener('abort', last, { once: true });
    this.open.add(attempt);
    this.count(callerId, 1);
    if (this.isEnding || gone.aborted) last();
    try {
      return await promise;
    } finally {
      timer.cancel();
      gone.removeEventListener('abort', last);
      this.open.delete(attempt);
      this.count(callerId, -1);
    }
  }

  private refuseWhereFull(callerId: string): void {
    const isGreedy = (this.byCaller.get(callerId) ?? 0) >= MOST_POLLS_OF_A_CALLER;
    if (!isGreedy && this.open.size < MOST_POLLS) return;
    const sentence = isGreedy ? 'too many requests of this client wait' : 'too many requests wait at this instance';
    throw new OAuthError('temporarily_unavailable', sentence, {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      caller: callerId,
      ...(isGreedy && { status: 429 }),
    });
  }

  private count(callerId: string, more: number): void {
    const count = (this.byCaller.get(callerId) ?? 0) + more;
    if (count === 0) this.byCaller.delete(callerId);
    else this.byCaller.set(callerId, count);
  }
}
