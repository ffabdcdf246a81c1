/** What a security event token (RFC 8417) must say before anything that it tells counts (Shared Signals 1.0 §4.1 and §4.2). */
import type { JwtContent } from '../../claims/claim-check.js';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../shared/json-value.js';
import { eventOf, type EventName } from './event-types.js';
import { SetError } from './set-error.js';

/** What `typ` of every security event token is: nothing else can be mistaken for one (Shared Signals 1.0 §4.1.1). */
export const SET_TYPE = 'secevent+jwt';

/** Longest `jti`, in UTF-16 code units: it is remembered by a digest, and acknowledged as it is. */
const LONGEST_ID = 256;

/** A security event token whose words have the right form. Who signed it is somebody else's question. */
export interface SecurityEvent {
  readonly iss: string;
  readonly jti: string;
  /** When the token was made, in seconds since the epoch. */
  readonly issuedAt: number;
  readonly event: EventName;
  /** What the event says beside its name. */
  readonly details: JsonObject;
  /** Whom it is about; of the form of RFC 9493, not understood yet. */
  readonly subject: JsonObject;
  /** When it happened, in seconds since the epoch, where it says so (CAEP 1.0 §2). */
  readonly happenedAt: number | undefined;
}

/**
 * Reads what a token says of one event.
 * @param audience what the transmitter calls us
 * @returns the event, or the error that the transmitter gets instead
 */
export function readSecurityEvent({ header, claims }: JwtContent, audience: string): SecurityEvent | SetError {
  const unfit = refuseEnvelope({ header, claims }) ?? refuseAudience(claims['aud'], audience);
  if (unfit) return unfit;
  const { iss, jti, iat, events, sub_id: subject } = claims as JsonObject & { iss: string; jti: string; iat: number };
  const named = theEvent(events);
  if (named instanceof SetError) return named;
  if (!isJsonObject(subject) || typeof subject['format'] !== 'string') {
    return invalid('sub_id is not a subject identifier with a format');
  }
  const happenedAt = named.details['event_timestamp'];
  if (happenedAt !== undefined && !isNumericDate(happenedAt))
    return invalid('event_timestamp is not a number of seconds');
  return { iss, jti, issuedAt: iat, ...named, subject, happenedAt };
}

/** Everything that does not depend on what happened. */
function refuseEnvelope({ header, claims }: JwtContent): SetError | undefined {
  const { iss, jti, iat, exp, sub } = claims;
  if (header.typ !== SET_TYPE) return invalid('typ is not secevent+jwt');
  // A subject outside of sub_id, or an end, would let another kind of token pass for this one (§4.1.2, §4.1.7).
  if (sub !== undefined) return invalid('sub must be absent');
  if (exp !== undefined) return invalid('exp must be absent');
  if (typeof iss !== 'string' || iss === '') return new SetError('invalid_issuer', 'iss is missing');
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_ID) return invalid('jti is missing, or too long');
  return isNumericDate(iat) ? undefined : invalid('iat is not a number of seconds');
}

function refuseAudience(aud: JsonValue | undefined, audience: string): SetError | undefined {
  const isOurs = aud === audience || (isJsonArray(aud) && aud.includes(audience));
  return isOurs ? undefined : new SetError('invalid_audience', 'aud does not name this receiver');
}

/** One event. Several names are taken where all of them mean the same to us (§4.2.1); of others nobody knows whether they do. */
function theEvent(events: JsonValue | undefined): Pick<SecurityEvent, 'event' | 'details'> | SetError {
  if (!isJsonObject(events)) return invalid('events is not an object');
  const [first, ...others] = Object.entries(events).map(([type, details]) => ({ event: eventOf(type), details }));
  if (!first) return invalid('events is empty');
  const isOne = others.every(({ event }) => event === first.event && event !== 'unknown');
  if (!isOne) return invalid('events tells of more than one event');
  if (!isJsonObject(first.details)) return invalid('an event is not an object');
  return { event: first.event, details: first.details };
}

/** RFC 7519 §2, within what a time in this service can be. */
function isNumericDate(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function invalid(description: string): SetError {
  return new SetError('invalid_request', description);
}
