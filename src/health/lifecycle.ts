import type { Clock } from '../shared/clock.js';

/** `starting` until every listener is up, `draining` from the first wish to stop. */
export type Phase = 'starting' | 'serving' | 'draining';

/** Where the process stands between its start and its end. The application moves it on, the probes read it. */
export class Lifecycle {
  private current: Phase = 'starting';
  private hasServed = false;
  private readonly startedMs: number;

  constructor(private readonly clock: Clock) {
    this.startedMs = clock.monoMs();
  }

  get phase(): Phase {
    return this.current;
  }

  /** Whether the start-up has been completed once; stays true while draining. */
  get isStarted(): boolean {
    return this.hasServed;
  }

  /** Milliseconds since the process began to start. */
  get ageMs(): number {
    return this.clock.monoMs() - this.startedMs;
  }

  /** Every listener is up. */
  serve(): void {
    if (this.current !== 'starting') return;
    this.current = 'serving';
    this.hasServed = true;
  }

  /** No way back. */
  drain(): void {
    this.current = 'draining';
  }
}
