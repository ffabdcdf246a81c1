/** What becomes of an event: nothing, a decision that tokens are worthless, or news of the stream itself. */
import type { JsonObject, JsonValue } from '../../shared/json-value.js';
import type { EventName } from './event-types.js';
import type { SecurityEvent } from './security-event-token.js';
import { SetError } from './set-error.js';
import { readSubject, type DiscardReason, type SubjectTarget, type SubjectTerms } from './subject-identifiers.js';

/** What is done with one kind of event. */
export type EventAction = 'revoke' | 'ignore';

/** Of these an operator decides what they do. */
export type DecidedEvent = Exclude<EventName, 'verification' | 'stream_updated' | 'unknown'>;

/** How the events of one stream are understood. */
export interface EventTerms extends SubjectTerms {
  readonly actions: Readonly<Record<DecidedEvent, EventAction>>;
  /** What is done where tokens cannot be told apart as finely as the event tells; absent: sessions are ended, nothing else is. */
  readonly narrowEvents?: 'widen' | 'discard' | undefined;
  /** What the transmitter calls the stream; absent: it is not compared. */
  readonly streamId?: string | undefined;
}

/** That tokens are worthless. */
export interface EventRevocation {
  readonly kind: 'revoke';
  readonly target: SubjectTarget;
  /** The second up to which tokens were issued that are meant. */
  readonly before: number;
  /** Whether more tokens are ended than the event names, because tokens do not say to which device they belong. */
  readonly isWidened: boolean;
}

/** What becomes of an event. All of these are acknowledged; a {@link SetError} is not. */
export type EventDecision =
  | EventRevocation
  | { readonly kind: 'ignored' }
  | { readonly kind: 'discarded'; readonly reason: DiscardReason }
  /** The answer to a question whether the stream is alive; `state` is what was asked with. */
  | { readonly kind: 'verified'; readonly state: string | undefined }
  | { readonly kind: 'stream'; readonly status: StreamStatus };

/** What a transmitter does with a stream (Shared Signals 1.0 §8.1.2.1). `disabled`: its events are lost, and never sent. */
export const streamStatuses = ['enabled', 'paused', 'disabled'] as const;

/** One of {@link streamStatuses}. */
export type StreamStatus = (typeof streamStatuses)[number];

/** @param nowSeconds wall time, since the epoch */
export function decideEvent(received: SecurityEvent, terms: EventTerms, nowSeconds: number): EventDecision | SetError {
  switch (received.event) {
    case 'unknown':
      return { kind: 'ignored' };
    case 'verification':
    case 'stream_updated':
      return ofStream(received, terms);
    default:
      return revoking({ ...received, event: received.event }, terms, nowSeconds);
  }
}

function revoking(
  received: SecurityEvent & { readonly event: DecidedEvent },
  terms: EventTerms,
  nowSeconds: number,
): EventDecision | SetError {
  const misformed = refuseDetails(received);
  if (misformed) return misformed;
  if (terms.actions[received.event] === 'ignore' || !endsTokens(received)) return { kind: 'ignored' };
  const found = readSubject(received.subject, terms);
  if (found === 'malformed') return invalid('sub_id is not as its format demands');
  if (typeof found === 'string') return { kind: 'discarded', reason: found };
  const widens = terms.narrowEvents ?? (received.event === 'session_revoked' ? 'widen' : 'discard');
  if (found.isPart && widens === 'discard') return { kind: 'discarded', reason: 'only_a_part' };
  // What is to come has not happened: a later time would end tokens that are not issued yet.
  const before = Math.floor(Math.min(received.happenedAt ?? received.issuedAt, nowSeconds));
  return { kind: 'revoke', target: found.target, before, isWidened: found.isPart };
}

/** CAEP 1.0 §3.2 and §3.3: what these two must say. */
function refuseDetails({ event, details }: SecurityEvent): SetError | undefined {
  if (event === 'claims_change') {
    const isComplete = typeof details['claims'] === 'object' && details['claims'] !== null;
    return isComplete ? undefined : invalid('token-claims-change without claims');
  }
  if (event !== 'credential_change') return undefined;
  const isComplete = isText(details['change_type']) && isText(details['credential_type']);
  return isComplete ? undefined : invalid('credential-change without change_type and credential_type');
}

/**
 * A credential that was added ends nothing. One that was taken away, or replaced where it is what users log in with, may be in the wrong
 * hands, and so may be what was issued for it.
 */
function endsTokens({ event, details }: Pick<SecurityEvent, 'event' | 'details'>): boolean {
  if (event !== 'credential_change') return true;
  const { change_type: change, credential_type: type } = details;
  if (change === 'revoke' || change === 'delete') return true;
  return change === 'update' && (type === 'password' || (typeof type === 'string' && type.startsWith('fido2-')));
}

function ofStream({ event, details, subject }: SecurityEvent, { streamId }: EventTerms): EventDecision | SetError {
  const id = streamOf(subject);
  if (id === undefined) return invalid('sub_id does not name the stream');
  if (streamId !== undefined && id !== streamId) return invalid('sub_id names another stream');
  if (event === 'verification') {
    const { state } = details;
    if (state !== undefined && typeof state !== 'string') return invalid('state is not a string');
    return { kind: 'verified', state };
  }
  const status = streamStatuses.find((each) => each === details['status']);
  if (status) return { kind: 'stream', status };
  return invalid('stream-updated without a status that there is');
}

/** Shared Signals 1.0 §8.1.4.1: the stream is an opaque subject. */
function streamOf({ format, id }: JsonObject): string | undefined {
  return format === 'opaque' && isText(id) ? id : undefined;
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

function invalid(description: string): SetError {
  return new SetError('invalid_request', description);
}
