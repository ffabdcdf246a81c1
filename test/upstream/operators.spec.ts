import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IssuerOverview } from '../../src/admin/issuer-overview.js';
import { aCaller, jwtIssuer, opaqueIssuer, OpaqueWorld } from './support/opaque-world.js';
import { RecordingUpstream } from './support/recording-upstream.js';
import { text } from './support/three-issuers.js';

let upstream: RecordingUpstream;
let world: OpaqueWorld;

beforeEach(async () => {
  upstream = await RecordingUpstream.open();
  upstream.behave = () => world.good();
  const limits = { inFlight: 1_000 };
  world = await OpaqueWorld.open(
    [opaqueIssuer('zitadel', upstream.endpoint, { match: { prefix: 'zt_v1_' }, limits }), jwtIssuer('corp')],
    [aCaller('orders')],
  );
});

afterEach(async () => {
  await world.close();
  await upstream.close();
});

const token = (): string => `zt_v1_${text()}`;
const shown = async (id = 'zitadel') =>
  (await world.context.module.get(IssuerOverview, { strict: false }).show(id)) as {
    readonly opaque?: Readonly<Record<string, unknown>>;
  };
const atNow = (): string => new Date(world.clock.wallMs()).toISOString();

describe('what operators see of an issuer that is asked about opaque tokens', () => {
  it('nothing where it has none', async () => {
    expect(await shown('corp')).not.toHaveProperty('opaque');
  });

  it('how questions went, and how many tokens needed none', async () => {
    const since = atNow();
    expect((await shown()).opaque).toEqual({ breaker: 'closed', inFlight: 0, since, asked: 0, spared: 0 });
    await world.clock.advance(5_000);
    const asked = token();
    for (let i = 0; i < 4; i++) await world.verdict(asked);
    expect((await shown()).opaque).toEqual({
      breaker: 'closed',
      inFlight: 0,
      lastSuccess: atNow(),
      since,
      asked: 1,
      spared: 3,
      hitRatio: 0.75,
    });
    expect(await world.metric('assay_upstream_answers_remembered', { answer: 'active' })).toBe(1);
    expect(await world.metric('assay_upstream_answers_remembered', { answer: 'inactive' })).toBe(0);
  });

  it('that it is given up, why, and when the next question may try', async () => {
    upstream.behave = (_received, response) => {
      response.statusCode = 401;
      return {};
    };
    for (let i = 0; i < 6; i++) await world.verdict(token());
    const failedAt = atNow();
    await world.clock.advance(400);
    expect((await shown()).opaque).toMatchObject({
      breaker: 'open',
      retryInSeconds: 0.6,
      lastError: { category: 'credentials_refused', at: failedAt },
      asked: 5,
    });
    expect(await world.metric('assay_upstream_breaker_open', { issuer: 'zitadel' })).toBe(1);
    upstream.behave = () => world.good();
    await world.clock.advance(600);
    await world.verdict(token());
    const { opaque } = await shown();
    expect(opaque).toMatchObject({ breaker: 'closed', lastSuccess: atNow() });
    // What went wrong last stays there to be read.
    expect(opaque).toMatchObject({ lastError: { category: 'credentials_refused' } });
  });
});

it('a caller that has too many tokens asked about is counted by name', async () => {
  const asked = Array.from({ length: 103 }, () => world.verdict(token()));
  await Promise.all(asked);
  expect(await world.metric('assay_upstream_limited_total', { caller: 'orders' })).toBe(3);
});
