import { signalOutcomes, type SignalStates } from './signal-states.js';
import type { Signal } from './signal.js';
import type { Signals } from './signals.js';

type Json = Readonly<Record<string, unknown>>;

/** What {@link SignalOverview} works with. */
export interface SignalOverviewParts {
  readonly signals: Signals;
  readonly states: SignalStates;
  /** Name of this process, as in the states of issuers. */
  readonly replica: string;
}

/** Every signal as operators see it: what this replica has received since it started. Nothing of it says whom it was about. */
export class SignalOverview {
  constructor(private readonly parts: SignalOverviewParts) {}

  show(): Json {
    const { signals, replica } = this.parts;
    return { replica, signals: signals.all().map((signal) => this.viewOf(signal)) };
  }

  private viewOf({ id, issuerId, logout, mostPerMinute }: Signal): Json {
    const { outcomes, refusals, receivedAtMs, acceptedAtMs } = this.parts.states.of(id);
    return {
      id,
      issuer: issuerId,
      ...(logout && { endpoints: [`/signals/${id}/logout`] }),
      perMinute: mostPerMinute,
      ...(receivedAtMs !== undefined && { lastReceivedAt: timeOf(receivedAtMs) }),
      ...(acceptedAtMs !== undefined && { lastAcceptedAt: timeOf(acceptedAtMs) }),
      received: Object.fromEntries(signalOutcomes.map((outcome) => [outcome, outcomes[outcome]])),
      refusedBecause: Object.fromEntries(refusals),
    };
  }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
