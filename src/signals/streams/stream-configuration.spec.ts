import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../shared/json-value.js';
import { configurationUrlOf, readStreamConfiguration, undelivered } from './stream-configuration.js';

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';
const reading = (said: Record<string, JsonValue>) => readStreamConfiguration({ stream_id: 's', ...said }, 's');

describe('configuration of a stream at its transmitter', () => {
  it('SSF-09 is asked for by the id of the stream, whatever is in either', () => {
    expect(configurationUrlOf('https://login.example/streams?realm=a', 'a&b c')).toBe(
      'https://login.example/streams?realm=a&stream_id=a%26b+c',
    );
  });

  it('SSF-09 is that of the stream', () => {
    for (const stream_id of ['another', 1, null]) expect(() => reading({ stream_id })).toThrow('another stream');
  });

  it.each([
    [60, 60_000],
    [0.5, 500],
    [0, 0],
    [86_400, 86_400_000],
  ])('SSF-09 a least time of %d s counts', (min_verification_interval, minVerifyMs) => {
    expect(reading({ min_verification_interval })).toMatchObject({ minVerifyMs, isIntervalWrong: false });
  });

  it.each([[-1], [86_401], [1e300], ['60'], [null], [true], [[60]]])(
    'SSF-09 a least time of %j counts as none, and is said to be wrong',
    (min_verification_interval) => {
      expect(reading({ min_verification_interval })).toMatchObject({ minVerifyMs: 0, isIntervalWrong: true });
    },
  );

  it('SSF-09 names the events that are to end tokens and are not delivered; of two names of one event either is enough', () => {
    const actions = {
      session_revoked: 'revoke',
      claims_change: 'ignore',
      credential_change: 'revoke',
      account_disabled: 'revoke',
      account_purged: 'ignore',
      credential_change_required: 'ignore',
    } as const;
    const missing = (delivered: JsonValue) => undelivered(reading({ events_delivered: delivered }), actions);
    expect(missing([])).toEqual(['session-revoked', 'credential-change', 'account-disabled']);
    expect(missing([`${RISC}sessions-revoked`, `${RISC}account-disabled`, 7])).toEqual(['credential-change']);
    expect(missing([`${CAEP}session-revoked`, `${CAEP}credential-change`, `${RISC}account-disabled`])).toEqual([]);
    // Who does not say what is delivered has not said that something is missing.
    expect([missing('all'), undelivered(reading({}), actions)]).toEqual([[], []]);
  });
});
