import type { Clock } from '../shared/clock.js';

/** What the process is asked to do from outside. */
export interface SignalActions {
  /** Finish what is in flight, then end. */
  stop(): void;
  /** End now, with this exit code. */
  abort(exitCode: number): void;
  /** Read the configuration again. */
  reload(): void;
}

/** Where signals come from; the process itself is one. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
}

/** Exit code of a process that a signal ended, less the number of the signal (POSIX shells). */
const SIGNALLED = 128;
const numbers = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * One wish may arrive more than once: Ctrl-C reaches the whole foreground group, and npm passes on what it got itself.
 * What follows within this time, in milliseconds, is the same wish.
 */
const SAME_WISH_MS = 200;

/** SIGTERM and SIGINT stop, a second one aborts, SIGHUP reloads. */
export function listenToSignals(source: SignalSource, clock: Clock, actions: SignalActions): void {
  let askedAtMs: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    source.on(signal, () => {
      if (askedAtMs === undefined) {
        askedAtMs = clock.monoMs();
        actions.stop();
      } else if (clock.monoMs() - askedAtMs > SAME_WISH_MS) {
        actions.abort(SIGNALLED + numbers[signal]);
      }
    });
  }
  source.on('SIGHUP', () => {
    actions.reload();
  });
}
