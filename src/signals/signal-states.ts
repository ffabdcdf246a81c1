/** What this replica has received of each signal, for operators and metrics. */
import type { Clock } from '../shared/clock.js';
import type { RejectionCode } from '../tokens/rejection.js';
import type { Metrics } from '../telemetry/metrics/metrics.js';

/** How signals arrive. A fixed set: it is a label of a metric. */
export const deliveries = ['logout', 'push', 'poll'] as const;

/** One of {@link deliveries}. */
export type Delivery = (typeof deliveries)[number];

/** What becomes of a signal. A fixed set: it is a label of a metric. */
export const signalOutcomes = [
  'accepted', // in force here, and every replica can read it
  'repeated', // it was accepted before, and changes nothing
  'unshared', // in force here alone for now; not acknowledged, so that it is sent again
  'limited', // its sender has had too much effect in this minute
  'full', // there is no room for one more revocation
  'ignored', // an event that does nothing here
  'discarded', // an event about somebody whom tokens cannot be found by
  'held', // an operator lets nothing in; not acknowledged
  'unknown', // whether it is genuine cannot be known now
  'refused', // it is not genuine, or not for us
] as const;

/** One of {@link signalOutcomes}. */
export type SignalOutcome = (typeof signalOutcomes)[number];

/** What one replica knows of a signal since it started. Times in milliseconds since the epoch. */
export interface SignalState {
  readonly outcomes: Readonly<Record<SignalOutcome, number>>;
  readonly refusals: ReadonlyMap<RejectionCode, number>;
  readonly receivedAtMs: number | undefined;
  readonly acceptedAtMs: number | undefined;
}

interface Counted {
  readonly outcomes: Record<SignalOutcome, number>;
  readonly refusals: Map<RejectionCode, number>;
  receivedAtMs: number | undefined;
  acceptedAtMs: number | undefined;
}

/** What this replica has received, for metrics and for operators. */
export class SignalStates {
  private readonly states = new Map<string, Counted>();

  constructor(private readonly tools: { readonly clock: Pick<Clock, 'wallMs'>; readonly metrics: Metrics }) {
    tools.metrics.watch(['assay_signal_last_accepted_timestamp_seconds'], (observe) => {
      for (const [stream, { acceptedAtMs }] of this.states) {
        if (acceptedAtMs === undefined) continue;
        observe('assay_signal_last_accepted_timestamp_seconds', acceptedAtMs / 1_000, { stream });
      }
    });
  }

  /** @param signal id of a registered one */
  received(signal: string, delivery: Delivery, outcome: SignalOutcome): void {
    const state = this.stateOf(signal);
    const nowMs = this.tools.clock.wallMs();
    state.receivedAtMs = nowMs;
    state.outcomes[outcome]++;
    if (outcome === 'accepted') state.acceptedAtMs = nowMs;
    this.tools.metrics.count('assay_signals_total', { stream: signal, delivery, outcome });
  }

  /** As {@link received}, for one that is not believed. */
  refused(signal: string, delivery: Delivery, reason: RejectionCode): void {
    const { refusals } = this.stateOf(signal);
    refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
    this.tools.metrics.count('assay_signals_refused_total', { stream: signal, reason });
    this.received(signal, delivery, 'refused');
  }

  of(signal: string): SignalState {
    return this.stateOf(signal);
  }

  private stateOf(signal: string): Counted {
    const known = this.states.get(signal);
    if (known) return known;
    const outcomes = Object.fromEntries(signalOutcomes.map((each) => [each, 0])) as Record<SignalOutcome, number>;
    const state = { outcomes, refusals: new Map(), receivedAtMs: undefined, acceptedAtMs: undefined };
    this.states.set(signal, state);
    return state;
  }
}
