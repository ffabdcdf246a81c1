import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../shared/json-value.js';
import { readSecurityEvent } from './security-event-token.js';
import { SetError } from './set-error.js';

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';
const header = { alg: 'ES256', typ: 'secevent+jwt' } as const;
const claims: JsonObject = {
  iss: 'https://login.example',
  aud: 'https://assay.example',
  iat: 1_000,
  jti: 'set-1',
  sub_id: { format: 'opaque', id: 's-1' },
  events: { [`${CAEP}session-revoked`]: { event_timestamp: 900 } },
};

function reading(changed: JsonObject, typ: string | null = header.typ): ReturnType<typeof readSecurityEvent> {
  const head = { alg: header.alg, ...(typ === null ? {} : { typ }) };
  const said = Object.entries({ ...claims, ...changed }).filter(([, value]) => value !== null);
  return readSecurityEvent({ header: head, claims: Object.fromEntries(said) }, 'https://assay.example');
}

describe('a security event token', () => {
  it('is read where it says what RFC 8417 and Shared Signals 1.0 ask for', () => {
    expect(reading({})).toMatchObject({ event: 'session_revoked', jti: 'set-1', issuedAt: 1_000, happenedAt: 900 });
    expect(reading({ aud: ['https://other.example', 'https://assay.example'] })).toMatchObject({ jti: 'set-1' });
  });

  it.each<[string, JsonObject, string]>([
    ['with sub', { sub: 'user-1' }, 'invalid_request'],
    ['with exp', { exp: 2_000 }, 'invalid_request'],
    ['without jti', { jti: null }, 'invalid_request'],
    ['with a jti that is endless', { jti: 'j'.repeat(257) }, 'invalid_request'],
    ['without iat', { iat: null }, 'invalid_request'],
    ['with iat as text', { iat: '1000' }, 'invalid_request'],
    ['without iss', { iss: null }, 'invalid_issuer'],
    ['without aud', { aud: null }, 'invalid_audience'],
    ['for another receiver', { aud: ['https://other.example'] }, 'invalid_audience'],
    ['without sub_id', { sub_id: null }, 'invalid_request'],
    ['with a subject that has no format', { sub_id: { iss: 'x', sub: 'y' } }, 'invalid_request'],
    ['without events', { events: null }, 'invalid_request'],
    ['with no event', { events: {} }, 'invalid_request'],
    ['with an event that is a text', { events: { [`${CAEP}session-revoked`]: 'yes' } }, 'invalid_request'],
    [
      'of two events',
      { events: { [`${CAEP}session-revoked`]: {}, [`${RISC}account-disabled`]: {} } },
      'invalid_request',
    ],
    ['of two events that nobody knows', { events: { 'urn:one': {}, 'urn:other': {} } }, 'invalid_request'],
    ['with a time of words', { events: { [`${CAEP}session-revoked`]: { event_timestamp: 'now' } } }, 'invalid_request'],
  ])('%s is refused', (_, changed, code) => {
    const error = reading(changed);
    expect(error).toBeInstanceOf(SetError);
    expect(error).toMatchObject({ code });
  });

  it.each([null, 'JWT', 'logout+jwt', 'at+jwt'])('of type %s is refused', (typ) => {
    expect(reading({}, typ)).toMatchObject({ code: 'invalid_request' });
  });

  it('may give one event under the names that it has in two profiles', () => {
    const events = { [`${CAEP}session-revoked`]: {}, [`${RISC}sessions-revoked`]: {} };
    expect(reading({ events })).toMatchObject({ event: 'session_revoked' });
  });

  it('of an event that is not known is read, so that it can be acknowledged', () => {
    expect(reading({ events: { 'urn:example:new': {} } })).toMatchObject({ event: 'unknown' });
  });
});
