/** Which events are understood: the names of CAEP 1.0, RISC 1.0 and Shared Signals 1.0, and what each is called here. */

/** What a transmitter may tell. A fixed set: it is a label of a metric. */
export const eventNames = [
  // about sessions, tokens and credentials (CAEP 1.0 §3)
  'session_revoked', // also of RISC, where it is deprecated
  'claims_change',
  'credential_change',
  // about accounts (RISC 1.0 §2)
  'account_disabled',
  'account_purged',
  'credential_change_required',
  // about the stream (Shared Signals 1.0 §8.1.4, §8.1.5)
  'verification',
  'stream_updated',
  // acknowledged, and without effect
  'unknown',
] as const;

/** One of {@link eventNames}. */
export type EventName = (typeof eventNames)[number];

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';
const SSF = 'https://schemas.openid.net/secevent/ssf/event-type/';

/**
 * What is not here changes nothing: `account-enabled` lifts no revocation, because that only concerns tokens that were issued before;
 * `identifier-changed` and `opt-…` say nothing about tokens.
 */
const byType: ReadonlyMap<string, EventName> = new Map([
  [`${CAEP}session-revoked`, 'session_revoked'],
  [`${RISC}sessions-revoked`, 'session_revoked'],
  [`${CAEP}token-claims-change`, 'claims_change'],
  [`${CAEP}credential-change`, 'credential_change'],
  [`${RISC}account-disabled`, 'account_disabled'],
  [`${RISC}account-purged`, 'account_purged'],
  [`${RISC}account-credential-change-required`, 'credential_change_required'],
  [`${SSF}verification`, 'verification'],
  [`${SSF}stream-updated`, 'stream_updated'],
]);

/** Every URI of an event; none: of what is unknown. */
export function typesOf(event: EventName): readonly string[] {
  return [...byType].flatMap(([type, name]) => (name === event ? [type] : []));
}

/** @param type an event type URI, compared exactly */
export function eventOf(type: string): EventName {
  return byType.get(type) ?? 'unknown';
}
