import type { Clock } from '../../shared/clock.js';
import { KeyFetchFailure } from './key-fetch-failure.js';
import { KeySource, type Observation, type Validators } from './key-source.js';

/** Ends every fetch at one absolute deadline, whatever it waits for: DNS, metadata, headers or one more byte (defect D9). */
export class TimedKeySource extends KeySource {
  constructor(
    private readonly source: KeySource,
    private readonly clock: Clock,
    private readonly deadlineMs: number,
  ) {
    super();
  }

  override async fetch(known: Validators | undefined, signal: AbortSignal): Promise<Observation> {
    const over = new AbortController();
    const timer = this.clock.after(this.deadlineMs, () => {
      over.abort(new KeyFetchFailure('timeout', 'the deadline for one fetch'));
    });
    // Not `AbortSignal.any`: what listens to such a signal stays in memory as long as the longest-lived of them, and all that it leads to.
    const unlink = linkAbort(signal, over);
    try {
      // A source that ignores its signal is left alone with its work.
      return await Promise.race([this.source.fetch(known, over.signal), abortOf(over.signal)]);
    } finally {
      timer.cancel();
      unlink();
    }
  }
}

/** Aborts `controller` when `signal` is. @returns what ends that */
function linkAbort(signal: AbortSignal, controller: AbortController): () => void {
  const abort = (): void => {
    controller.abort(signal.reason);
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return () => {
    signal.removeEventListener('abort', abort);
  };
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => {
      reject(KeyFetchFailure.of(signal.reason));
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
}
