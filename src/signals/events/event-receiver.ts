/** Receives security events (Shared Signals 1.0): judges each, and revokes what it says has ended. */
import { hash } from 'node:crypto';
import { LONGEST_MEMORY_MS } from '../../changes/arrival.js';
import type { Issuer } from '../../issuers/issuer.js';
import type { IssuerRegistry } from '../../issuers/issuer-registry.js';
import { subjectScopeOf } from '../../issuers/subject-scope.js';
import { RedisUnavailable } from '../../redis/redis-link.js';
import { endOf } from '../../revocation/tokens/revocation-end.js';
import type { RevocationOrder, Revocations } from '../../revocation/tokens/revocations.js';
import { RevocationsFull } from '../../revocation/tokens/revocations-full.js';
import { Unavailable } from '../../shared/unavailable.js';
import type { Host } from '../../telemetry/host.js';
import { Rejection } from '../../tokens/rejection.js';
import type { RefusalLog } from '../refusal-log.js';
import type { Signal } from '../signal.js';
import type { Delivery, SignalOutcome, SignalStates } from '../signal-states.js';
import type { SignalVerifier } from '../signal-verifier.js';
import type { StreamTerms } from '../streams/stream-terms.js';
import type { Streams } from '../streams/streams.js';
import { decideEvent, type EventDecision, type EventRevocation, type EventTerms } from './event-decision.js';
import { eventTerms, setErrorOf } from './event-policy.js';
import { readSecurityEvent, type SecurityEvent } from './security-event-token.js';
import { SetError } from './set-error.js';

/** When asking again makes sense while the shared store does not answer. */
const RETRY_AFTER_SECONDS = 2;

/** The rest of a minute in which a stream has had too much effect. */
const RETRY_WHEN_LIMITED_SECONDS = 60;

/** A signal that sends events. */
export type StreamSignal = Signal & { readonly stream: StreamTerms };

/** An event cannot be acknowledged now: its transmitter is to send it again. */
class EventPostponed extends Unavailable {
  override readonly name = 'EventPostponed';
}

/** What {@link EventReceiver} works with. */
export interface EventReceiverParts extends Pick<Host, 'clock' | 'metrics'> {
  readonly issuers: Pick<IssuerRegistry, 'byId'>;
  readonly verifier: Pick<SignalVerifier, 'verify'>;
  readonly revocations: Pick<Revocations, 'receive'>;
  readonly streams: Pick<Streams, 'criticalMembersOf' | 'isHeld' | 'verified' | 'updated' | 'received'>;
  readonly states: SignalStates;
  readonly refusals: RefusalLog;
}

/** A token as it came. */
export interface PresentedEvent {
  readonly signal: StreamSignal;
  readonly compact: string;
  readonly delivery: Extract<Delivery, 'push' | 'poll'>;
  /** Where the request comes from. */
  readonly source: string;
  /** The name that the transmitter gave it beside itself. */
  readonly jti?: string;
}

/**
 * Takes what transmitters tell (Shared Signals 1.0). A token is judged before it is asked whether it came before, so that a forged one cannot
 * use up the id of a genuine one; and it is acknowledged when every replica can read what follows from it, not before.
 */
export class EventReceiver {
  constructor(private readonly parts: EventReceiverParts) {}

  /**
   * @returns the error that the transmitter gets instead of an acknowledgement
   * @throws {Unavailable} where it is to send the token again
   */
  async receive(presented: PresentedEvent): Promise<SetError | undefined> {
    const { signal, delivery } = presented;
    if (this.parts.streams.isHeld(signal.id)) throw this.postponed(presented, 'held', RETRY_WHEN_LIMITED_SECONDS);
    const { issuer, verdict } = await this.judge(presented);
    if (verdict instanceof Rejection) return this.refuse(presented, verdict, setErrorOf(verdict));
    const read = readSecurityEvent(verdict.jwt, signal.stream.audience);
    if (read instanceof SetError) return this.refuse(presented, new Rejection('claim_malformed'), read);
    if (presented.jti !== undefined && presented.jti !== read.jti) {
      const detail = 'jti is not the name under which it was delivered';
      const refusal = new Rejection('claim_malformed', detail).ofSigned(verdict.jwt);
      return this.refuse(presented, refusal, new SetError('invalid_request', detail));
    }
    const decided = decideEvent(read, this.termsOf(presented, issuer), this.parts.clock.wallMs() / 1_000);
    const error = decided instanceof SetError ? decided : await this.effect(presented, issuer, read, decided);
    if (error)
      return this.refuse(presented, new Rejection('rule_failed', error.description).ofSigned(verdict.jwt), error);
    this.parts.streams.received(signal.id);
    this.parts.metrics.count('assay_signal_events_total', { stream: signal.id, delivery, event: read.event });
    return undefined;
  }

  private async judge({ signal, compact, source, delivery }: PresentedEvent): Promise<Judged> {
    const issuer = this.parts.issuers.byId(signal.issuerId);
    if (!issuer) {
      this.received(signal, delivery, 'unknown');
      throw new EventPostponed('the issuer of this stream is not registered now', signal.issuerId, RETRY_AFTER_SECONDS);
    }
    const terms = eventTerms(signal.stream.audience);
    const verdict = await this.parts.verifier
      .verify({ compact, signal: signal.id, issuer, source }, terms)
      .catch((error: unknown) => {
        this.received(signal, delivery, 'unknown');
        throw error;
      });
    return { issuer, verdict };
  }

  /** @throws {Unavailable} where it is not known yet what must be understood */
  private termsOf(presented: PresentedEvent, issuer: Issuer): EventTerms {
    const { stream } = presented.signal;
    const criticalMembers = this.parts.streams.criticalMembersOf(stream);
    if (!criticalMembers) throw this.postponed(presented, 'unknown', RETRY_AFTER_SECONDS);
    return {
      iss: issuer.issuer,
      tenant: issuer.tenantOf?.tenant,
      hasEmailClaim: stream.emailClaim !== undefined,
      criticalMembers,
      ...stream,
    };
  }

  private async effect(
    presented: PresentedEvent,
    issuer: Issuer,
    happened: SecurityEvent,
    decided: EventDecision,
  ): Promise<SetError | undefined> {
    const { signal, delivery } = presented;
    const { streams } = this.parts;
    /** What cannot be kept now is not acknowledged. */
    const unkept = (error: unknown): never => {
      throw error instanceof RedisUnavailable ? this.postponed(presented, 'unshared', RETRY_AFTER_SECONDS) : error;
    };
    switch (decided.kind) {
      case 'ignored':
        this.received(signal, delivery, 'ignored');
        return undefined;
      case 'discarded':
        this.parts.metrics.count('assay_signal_discarded_total', { stream: signal.id, reason: decided.reason });
        this.received(signal, delivery, 'discarded');
        return undefined;
      case 'verified': {
        const error = await streams.verified(signal.stream, decided.state).catch(unkept);
        if (!error) this.received(signal, delivery, 'accepted');
        return error;
      }
      case 'stream':
        await streams.updated(signal.stream, decided.status).catch(unkept);
        this.received(signal, delivery, 'accepted');
        return undefined;
      case 'revoke':
        await this.revoke(presented, issuer, happened, decided);
        return undefined;
    }
  }

  private async revoke(
    presented: PresentedEvent,
    issuer: Issuer,
    { jti, event }: SecurityEvent,
    decided: EventRevocation,
  ): Promise<void> {
    const { signal, delivery } = presented;
    const nowMs = this.parts.clock.wallMs();
    const arrival = {
      source: signal.id,
      digest: hash('sha256', JSON.stringify([signal.issuerId, jti]), 'base64url'),
      untilMs: nowMs + LONGEST_MEMORY_MS,
      mostPerMinute: signal.mostPerMinute,
    };
    const order = orderOf(issuer, decided, { by: `signal:${signal.id}`, reason: event });
    // What is older than any acceptable token ends nothing.
    const isOver =
      endOf(issuer, { kind: order.kind, nowSeconds: nowMs / 1_000, before: order.before }) <= nowMs / 1_000;
    const outcome = await this.parts.revocations.receive(arrival, isOver ? [] : [order]).catch((error: unknown) => {
      if (error instanceof RevocationsFull) this.received(signal, delivery, 'full');
      throw error;
    });
    if (outcome === 'unshared') throw this.postponed(presented, outcome, RETRY_AFTER_SECONDS);
    if (outcome === 'limited') throw this.postponed(presented, outcome, RETRY_WHEN_LIMITED_SECONDS);
    if (outcome === 'first' && decided.isWidened) {
      this.parts.metrics.count('assay_signal_widened_total', { stream: signal.id });
    }
    this.received(signal, delivery, outcome === 'first' ? 'accepted' : outcome);
  }

  private refuse({ signal, delivery }: PresentedEvent, rejection: Rejection, error: SetError): SetError {
    this.parts.states.refused(signal.id, delivery, rejection.code);
    this.parts.refusals.refused(signal.id, signal.issuerId, delivery, rejection);
    return error;
  }

  private postponed({ signal, delivery }: PresentedEvent, outcome: Postponement, seconds: number): EventPostponed {
    this.received(signal, delivery, outcome);
    return new EventPostponed(postponements[outcome], signal.issuerId, seconds);
  }

  private received({ id }: Signal, delivery: Delivery, outcome: SignalOutcome): void {
    this.parts.states.received(id, delivery, outcome);
  }
}

interface Judged {
  readonly issuer: Issuer;
  readonly verdict: Awaited<ReturnType<SignalVerifier['verify']>>;
}

type Postponement = Extract<SignalOutcome, 'held' | 'unknown' | 'unshared' | 'limited'>;

/** Why an event is not acknowledged now, for operators. */
const postponements: Readonly<Record<Postponement, string>> = {
  held: 'an operator holds this stream',
  unknown: 'what the transmitter calls critical could not be read yet',
  unshared: 'the shared store does not answer: the event holds at this replica alone for now',
  limited: 'the stream has ended more within a minute than its perMinute allows',
};

function orderOf(
  issuer: Issuer,
  { target, before }: EventRevocation,
  decider: Pick<RevocationOrder, 'by' | 'reason'>,
): RevocationOrder {
  const about = { issuer, scope: subjectScopeOf(issuer, { iss: issuer.issuer }), value: target.value, ...decider };
  switch (target.kind) {
    case 'token':
    case 'session':
      return { ...about, kind: target.kind, before: 0 };
    case 'subject':
      return { ...about, kind: 'subject', before };
    case 'email':
      return { ...about, kind: 'subject', before, foundBy: 'email' };
  }
}
