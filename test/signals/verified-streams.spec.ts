import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adminSection, AdminService, quickIssuer, viewer } from '../admin/support/admin-world.js';
import { eventually } from '../fakes/eventually.js';
import { RedisServer } from '../redis/redis-server.js';
import { CAEP, RISC, receiver } from './support/event-world.js';
import type { FakeTransmitter } from './support/fake-transmitter.js';
import { PolledStream, streamId } from './support/polled-stream.js';

describe('how often a transmitter is asked whether a stream is alive', () => {
  let world: PolledStream;
  let transmitter: FakeTransmitter;

  beforeEach(async () => {
    world = await PolledStream.open();
    ({ transmitter } = world);
  });
  afterEach(() => world.stop());

  const start = async (): Promise<void> => {
    await world.start({ transmitter: world.issuer.issuer, verifyEvery: '1m' });
    await asked('verify', 1);
  };
  const times = (path: string): number => transmitter.askedFor(path).length;
  /** Whole rounds: what was asked has its answer then, and more could have been asked. */
  const rounds = (): Promise<void> => {
    const before = times('poll');
    return eventually(() => times('poll') > before + 2, undefined, 10_000);
  };
  const asked = async (path: string, n: number): Promise<void> => {
    const failing = (): string => `${path}: ${times(path)} times, not ${n}; ${world.service.output}`;
    await eventually(() => times(path) >= n, failing, 10_000);
    await rounds();
    expect(times(path)).toBe(n);
  };
  const forward = async (seconds: number): Promise<void> => {
    world.service.clock.forward(seconds * 1_000);
    await rounds();
  };
  const logged = (beginning: string) => world.service.lines.filter(({ msg }) => String(msg).startsWith(beginning));
  /** How operators see the stream at a replica, once this knows of a poll from now on. */
  const streamAt = async (service: AdminService): Promise<Record<string, unknown>> => {
    const nowMs = service.clock.wallMs();
    let stream: Record<string, unknown> = {};
    const isLatest = async (): Promise<boolean> => {
      const { body } = await service.ask('GET', '/admin/v1/signals', { token: viewer });
      ({ stream } = (body['signals'] as { stream: Record<string, unknown> }[])[0]!);
      return Date.parse(String(stream['polledAt'])) >= nowMs;
    };
    await eventually(isLatest, () => JSON.stringify(stream), 10_000);
    return stream;
  };

  it('SSF-09 is min_verification_interval where that is longer, and three of those without an answer are silence', async () => {
    transmitter.configuration = { min_verification_interval: 600 };
    await start();
    expect(transmitter.askedFor('streams')).toMatchObject([{ authorization: 'Bearer a.token' }]);
    await forward(590);
    const periods = { verifyEverySeconds: 60, askedEverySeconds: 600 };
    expect(await streamAt(world.service)).toMatchObject({ health: 'up', ...periods });
    expect([times('verify'), times('streams')]).toEqual([1, 1]);
    await forward(10);
    await asked('verify', 2);
    await forward(1_180);
    expect(await streamAt(world.service)).toMatchObject({ health: 'up' });
    await forward(60);
    expect(await streamAt(world.service)).toMatchObject({ health: 'silent' });
    expect(await world.up()).toBe('0');
    expect(logged('the transmitter wants fewer questions than verifyEvery asks')).toMatchObject([
      { level: 'warn', stream: 'corp-ssf', ...periods },
    ]);
    // An hour later the transmitter has changed its mind.
    transmitter.configuration = { min_verification_interval: 30 };
    await forward(1_800);
    await asked('streams', 2);
    expect(await streamAt(world.service)).toMatchObject({ verifyEverySeconds: 60, askedEverySeconds: 60 });
  });

  it('SSF-09 all replicas measure silence by it, and one of them has read it', async () => {
    transmitter.configuration = { min_verification_interval: 600 };
    const redis = await RedisServer.start();
    const fleet: AdminService[] = [];
    try {
      const poll = { url: transmitter.pollUrl, every: '500ms', accessToken: 'a.token' };
      const { issuer } = world;
      const asks = { streamId, transmitter: issuer.issuer, verifyEvery: '1m' };
      const signals = [{ id: 'corp-ssf', issuer: 'corp', audience: receiver, poll, ...asks }];
      const recordKeys = [{ id: 'k1', secret: 'a-record-key-0123456789-abcdefghij-xyz' }];
      const more = { admin: adminSection, signals, redis: { url: redis.url, recordKeys } };
      for (const replica of ['one', 'other']) {
        fleet.push(await AdminService.start([{ ...quickIssuer(issuer), audiences: 'any' }], more));
        await eventually(
          () => times('verify') === 1,
          () => replica,
          10_000,
        );
      }
      for (const { clock } of fleet) clock.forward(590_000);
      for (const service of fleet) {
        const periods = { verifyEverySeconds: 60, askedEverySeconds: 600 };
        expect(await streamAt(service)).toMatchObject({ health: 'up', ...periods });
      }
      expect([times('verify'), times('streams')]).toEqual([1, 1]);
    } finally {
      await Promise.all(fleet.map((service) => service.stop()));
      await redis.stop();
    }
  });

  it('SSF-09 where the transmitter answers 429 it is asked when it allows that, and polled all the while', async () => {
    transmitter.limited = { retryAfter: '300' };
    await start();
    expect(logged('the transmitter of a stream could not be asked')).toEqual([]);
    await forward(120);
    expect(times('verify')).toBe(1);
    expect(logged('the transmitter wants to be asked later')).toMatchObject([
      { level: 'warn', stream: 'corp-ssf', failure: 'rate_limited', status: 429 },
    ]);
    transmitter.limited = undefined;
    await forward(180);
    await asked('verify', 2);
    expect(logged('the transmitter can be asked again')).toHaveLength(1);
  });

  it.each<[string, FakeTransmitter['configuration'], Record<string, unknown>]>([
    ['cannot be read', 404, { status: 404 }],
    ['is of another stream', { stream_id: 'stream-2' }, { detail: 'the configuration is of another stream' }],
    ['leads elsewhere', 200, { detail: expect.stringContaining('configuration_endpoint is at a host') as string }],
  ])('SSF-09 is verifyEvery where the configuration of the stream %s', async (_what, configuration, line) => {
    transmitter.configuration = configuration;
    const elsewhere = { configuration_endpoint: 'https://169.254.169.254/streams' };
    if (configuration === 200) transmitter.metadata = { ...transmitter.metadata, ...elsewhere };
    await start();
    await forward(60);
    await asked('verify', 2);
    const tries = configuration === 200 ? 0 : 1;
    expect(times('streams')).toBe(tries);
    await forward(300);
    await asked('streams', 2 * tries);
    expect(logged('the configuration of the stream could not be read')).toEqual([expect.objectContaining(line)]);
    expect(await streamAt(world.service)).toMatchObject({ verifyEverySeconds: 60, askedEverySeconds: 60 });
  });

  it('SSF-09 junk in the configuration is said once and not used; so are events on which the entry relies and that never come', async () => {
    const delivered = [`${CAEP}session-revoked`, `${RISC}account-purged`];
    transmitter.configuration = { min_verification_interval: '600', events_delivered: delivered };
    await start();
    await forward(3_600);
    await asked('streams', 2);
    expect(times('verify')).toBeGreaterThan(1);
    expect(logged('min_verification_interval of the stream')).toHaveLength(1);
    expect(logged('the transmitter does not deliver')).toMatchObject([
      { level: 'warn', events: ['account-disabled', 'account-credential-change-required'] },
    ]);
  });
});
