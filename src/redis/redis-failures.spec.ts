import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { RecordingLogger } from '../../test/fakes/recording-logger.js';
import { Telemetry } from '../telemetry/telemetry.js';
import { redisFailures } from './redis-failure.js';
import { RedisFailures } from './redis-failures.js';

const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:6379'), { code: 'ECONNREFUSED' });
const wrongPassword = new Error('WRONGPASS invalid username-password pair or user is disabled.');
const noConnection = new Error("Stream isn't writeable and enableOfflineQueue options is false");
const noPermission = Object.assign(new Error("NOPERM no permissions to run the 'evalsha' command"), {
  name: 'ReplyError',
});
const FIVE_MINUTES_MS = 300_000;

describe('RedisFailures', () => {
  let clock: FakeClock;
  let logger: RecordingLogger;
  let telemetry: Telemetry;
  let failures: RedisFailures;

  beforeEach(() => {
    clock = new FakeClock();
    logger = new RecordingLogger();
    telemetry = Telemetry.local(clock);
    failures = new RedisFailures('primary', { clock, logger, metrics: telemetry.metrics });
  });

  it('says why when the connection is given up, and nothing of what passes before', () => {
    failures.connectionFailed(refused);
    failures.commandFailed(noConnection);
    expect(logger.lines).toEqual([]);

    failures.givenUp(true);

    expect(logger.lines).toEqual([
      { level: 'warn', fields: { role: 'primary', reason: 'refused' }, sentence: redisFailures.refused },
    ]);
  });

  it.each([
    [
      'a password that is wrong',
      () => {
        failures.connectionFailed(wrongPassword);
      },
      'password',
    ],
    [
      'a right that is missing',
      () => {
        failures.commandFailed(noPermission);
      },
      'permission',
    ],
  ])('says at once what does not go away by itself: %s', (_what, fail, reason) => {
    fail();
    expect(logger.lines.map(({ fields }) => fields['reason'])).toEqual([reason]);
  });

  it('says it again after five minutes, however often it happens', async () => {
    for (let i = 0; i < 100; i++) {
      failures.connectionFailed(wrongPassword);
      if (i === 3) failures.givenUp(true);
    }
    expect(logger.lines).toHaveLength(1);
    await clock.advance(FIVE_MINUTES_MS);
    for (let i = 0; i < 100; i++) failures.connectionFailed(wrongPassword);
    expect(logger.lines).toHaveLength(2);
  });

  it('says another reason as soon as there is one', () => {
    failures.connectionFailed(refused);
    failures.givenUp(true);
    failures.connectionFailed(wrongPassword);
    expect(logger.lines.map(({ fields }) => fields['reason'])).toEqual(['refused', 'password']);
  });

  it('says each outage anew, and that it is over', () => {
    for (let i = 0; i < 2; i++) {
      failures.connectionFailed(refused);
      failures.givenUp(true);
      failures.connected();
      failures.givenUp(false);
    }
    expect(logger.sentences).toEqual([
      redisFailures.refused,
      'Redis answers again',
      redisFailures.refused,
      'Redis answers again',
    ]);
  });

  it('counts a command that finds no connection by the reason for which there is none', async () => {
    failures.connectionFailed(wrongPassword);
    failures.commandFailed(noConnection);
    failures.connected();
    failures.commandFailed(noConnection);

    const counted = (await telemetry.reader.scrape())
      .split('\n')
      .filter((line) => line.startsWith('assay_jwks_redis_fail'));
    expect(counted).toEqual([
      'assay_jwks_redis_failures_total{role="primary",reason="password"} 2',
      'assay_jwks_redis_failures_total{role="primary",reason="closed"} 1',
    ]);
  });

  it('takes no refusal of a command for the reason why there is no connection later', () => {
    failures.commandFailed(noPermission);
    failures.connectionFailed(new Error('Connection is closed.'));
    failures.givenUp(true);
    expect(logger.lines.map(({ fields }) => fields['reason'])).toEqual(['permission', 'closed']);
  });
});
