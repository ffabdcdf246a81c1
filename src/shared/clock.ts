/** A pending call of {@link Clock.after}. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time. Wall time judges what others wrote (`exp`, certificates);
 * monotonic time measures what we did (ages, cooldowns, deadlines), so a stepped host clock cannot revive a key.
 */
export abstract class Clock {
  /** Milliseconds since the Unix epoch; may jump. */
  abstract wallMs(): number;

  /** Milliseconds since an arbitrary origin; never goes back. */
  abstract monoMs(): number;

  /** Runs `action` once, `delayMs` from now, unless cancelled. Never keeps the process alive by itself. */
  abstract after(delayMs: number, action: () => void): Timer;

  /** Resolves after `delayMs`, or as soon as `signal` aborts; never rejects. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const wake = (): void => {
        timer.cancel();
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = this.after(delayMs, wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
}

/** Node cannot hold a timer longer than this (2^31 - 1 ms, about 24.8 days); it would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The host's clock. */
export class SystemClock extends Clock {
  override wallMs(): number {
    return Date.now();
  }

  override monoMs(): number {
    return performance.now();
  }

  override after(delayMs: number, action: () => void): Timer {
    const handle = setTimeout(action, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS));
    handle.unref();
    return {
      cancel: () => {
        clearTimeout(handle);
      },
    };
  }
}
