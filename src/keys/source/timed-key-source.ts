import type { Clock } from '../../shared/clock.js';
import { KeyFetchFailure } from './key-fetch-failure.js';
import { KeySource, type Observation, type Validators } from './key-source.js';

/** Ends every look at one absolute deadline, whatever it waits for: DNS, metadata, headers or one more byte (defect D9). */
export class TimedKeySource extends KeySource {
  constructor(
    private readonly source: KeySource,
    private readonly clock: Clock,
    private readonly deadlineMs: number,
  ) {
    super();
  }

  override async look(known: Validators | undefined, signal: AbortSignal): Promise<Observation> {
    const over = new AbortController();
    const timer = this.clock.after(this.deadlineMs, () => {
      over.abort(new KeyFetchFailure('timeout', 'the deadline for one look'));
    });
    const either = AbortSignal.any([signal, over.signal]);
    try {
      // A source that ignores its signal is left alone with its work.
      return await Promise.race([this.source.look(known, either), abortOf(either)]);
    } finally {
      timer.cancel();
    }
  }
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(KeyFetchFailure.of(signal.reason));
      },
      { once: true },
    );
  });
}
