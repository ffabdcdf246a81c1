import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../shared/json-value.js';
import { decideEvent, type EventTerms } from './event-decision.js';
import type { EventName } from './event-types.js';
import type { SecurityEvent } from './security-event-token.js';

const iss = 'https://login.example';
const NOW = 2_000;
const user = { format: 'iss_sub', iss, sub: 'user-1' };
const partly = { format: 'complex', user, device: { format: 'opaque', id: 'laptop' } };
const terms: EventTerms = {
  iss,
  hasEmailClaim: false,
  criticalMembers: new Set(),
  streamId: 'stream-1',
  actions: {
    session_revoked: 'revoke',
    claims_change: 'ignore',
    credential_change: 'ignore',
    account_disabled: 'revoke',
    account_purged: 'revoke',
    credential_change_required: 'revoke',
  },
};

function deciding(event: EventName, told: Partial<SecurityEvent> = {}, changed: Partial<EventTerms> = {}): unknown {
  const details = told.details ?? {};
  const whole = { iss, jti: 'set-1', issuedAt: 1_000, event, details, subject: user, happenedAt: undefined, ...told };
  return decideEvent(whole, { ...terms, ...changed }, NOW);
}

const revokedBefore = (before: number): object => ({ kind: 'revoke', before, isWidened: false });

describe('what an event decides', () => {
  it('counts from when it happened, else from when it was told, and never from what is to come', () => {
    expect(deciding('session_revoked', { happenedAt: 900.7 })).toMatchObject(revokedBefore(900));
    expect(deciding('session_revoked')).toMatchObject(revokedBefore(1_000));
    expect(deciding('session_revoked', { happenedAt: 5_000 })).toMatchObject(revokedBefore(NOW));
    expect(deciding('session_revoked', { issuedAt: 5_000 })).toMatchObject(revokedBefore(NOW));
    expect(deciding('session_revoked', { happenedAt: 900_000_000_000 })).toMatchObject(revokedBefore(NOW));
  });

  it.each<EventName>(['account_disabled', 'account_purged', 'credential_change_required', 'session_revoked'])(
    '%s ends the tokens of a subject',
    (event) => {
      expect(deciding(event)).toMatchObject({ kind: 'revoke', target: { kind: 'subject', value: 'user-1' } });
    },
  );

  it('of changed claims is nothing, unless it is said to be something', () => {
    const details = { claims: { role: 'ro-admin' } };
    expect(deciding('claims_change', { details })).toEqual({ kind: 'ignored' });
    const actions = { ...terms.actions, claims_change: 'revoke' as const };
    expect(deciding('claims_change', { details }, { actions })).toMatchObject(revokedBefore(1_000));
    expect(deciding('claims_change')).toMatchObject({ code: 'invalid_request' });
  });

  it.each([
    ['create', 'password', 'ignored'],
    ['revoke', 'x509', 'revoke'],
    ['delete', 'fido2-roaming', 'revoke'],
    ['update', 'password', 'revoke'],
    ['update', 'fido2-platform', 'revoke'],
    ['update', 'phone-sms', 'ignored'],
    ['rotate', 'password', 'ignored'],
  ])('of a credential with %s of %s is %s', (change, type, kind) => {
    const details: JsonObject = { change_type: change, credential_type: type };
    const actions = { ...terms.actions, credential_change: 'revoke' as const };
    expect(deciding('credential_change', { details }, { actions })).toMatchObject({ kind });
    expect(deciding('credential_change', { details })).toEqual({ kind: 'ignored' });
    expect(deciding('credential_change', {}, { actions })).toMatchObject({ code: 'invalid_request' });
  });

  it('widens a part of a user for sessions alone, unless it is said otherwise', () => {
    const subject = partly;
    expect(deciding('session_revoked', { subject })).toMatchObject({ kind: 'revoke', isWidened: true });
    expect(deciding('account_disabled', { subject })).toEqual({ kind: 'discarded', reason: 'only_a_part' });
    expect(deciding('account_disabled', { subject }, { narrowEvents: 'widen' })).toMatchObject({ isWidened: true });
    expect(deciding('session_revoked', { subject }, { narrowEvents: 'discard' })).toMatchObject({ kind: 'discarded' });
  });

  it('of a critical member is never a decision, whatever is said', () => {
    const critical = { criticalMembers: new Set(['device']), narrowEvents: 'widen' as const };
    const expected = { kind: 'discarded', reason: 'critical_member' };
    expect(deciding('session_revoked', { subject: partly }, critical)).toEqual(expected);
  });

  it('of the stream is none about tokens', () => {
    const subject = { format: 'opaque', id: 'stream-1' };
    const verified = deciding('verification', { subject, details: { state: 'abc' } });
    expect(verified).toEqual({ kind: 'verified', state: 'abc' });
    const paused = deciding('stream_updated', { subject, details: { status: 'paused', reason: 'x' } });
    expect(paused).toEqual({ kind: 'stream', status: 'paused' });
    const other = { format: 'opaque', id: 'stream-2' };
    expect(deciding('verification', { subject: other })).toMatchObject({ code: 'invalid_request' });
    expect(deciding('verification')).toMatchObject({ code: 'invalid_request' });
    expect(deciding('stream_updated', { subject, details: { status: 'gone' } })).toMatchObject({
      code: 'invalid_request',
    });
  });

  it('that is not known is acknowledged without effect', () => {
    expect(deciding('unknown')).toEqual({ kind: 'ignored' });
  });
});
