import { signalOutcomes, type SignalStates } from './signal-states.js';
import type { Signal } from './signal.js';
import type { Signals } from './signals.js';
import { verificationPeriodMs } from './streams/stream-health.js';
import type { StreamState } from './streams/stream-states.js';
import type { StreamTerms } from './streams/stream-terms.js';
import type { Streams } from './streams/streams.js';

type Json = Readonly<Record<string, unknown>>;

/** What {@link SignalOverview} works with. */
export interface SignalOverviewParts {
  readonly signals: Signals;
  readonly states: SignalStates;
  readonly streams: Pick<Streams, 'viewOf'>;
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

  private viewOf(signal: Signal): Json {
    const { id, issuerId, stream, mostPerMinute } = signal;
    const { outcomes, refusals, receivedAtMs, acceptedAtMs } = this.parts.states.of(id);
    return {
      id,
      issuer: issuerId,
      ...endpointsOf(signal),
      perMinute: mostPerMinute,
      ...(stream && { stream: this.streamOf(stream) }),
      ...(receivedAtMs !== undefined && { lastReceivedAt: timeOf(receivedAtMs) }),
      ...(acceptedAtMs !== undefined && { lastAcceptedAt: timeOf(acceptedAtMs) }),
      received: Object.fromEntries(signalOutcomes.map((outcome) => [outcome, outcomes[outcome]])),
      refusedBecause: Object.fromEntries(refusals),
    };
  }

  /** The stream as all replicas know it, beside what this one has received. */
  private streamOf({ id, poll, verifyMs }: StreamTerms): Json {
    const delivery = poll ? 'poll' : 'push';
    const { health, state = {} } = this.parts.streams.viewOf(id) ?? {};
    const { status, heldBy = '' } = state;
    const times = {
      heardAtMs: 'heardAt',
      polledAtMs: 'polledAt',
      verifiedAtMs: 'verifiedAt',
      statusAtMs: 'statusAt',
    } as const;
    const known = Object.entries(times).flatMap(([field, name]) => {
      const atMs = state[field as keyof typeof times & keyof StreamState];
      return atMs === undefined ? [] : [[name, timeOf(atMs)] as const];
    });
    const periods = verifyMs !== undefined && {
      verifyEverySeconds: verifyMs / 1_000,
      askedEverySeconds: verificationPeriodMs(verifyMs, state) / 1_000,
    };
    return { delivery, health, status, ...(heldBy !== '' && { heldBy }), ...periods, ...Object.fromEntries(known) };
  }
}

function endpointsOf({ id, logout, stream }: Signal): Json {
  const endpoints = [...(logout ? [`/signals/${id}/logout`] : []), ...(stream?.push ? [`/signals/${id}/events`] : [])];
  return endpoints.length === 0 ? {} : { endpoints };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
