import { describe, expect, it } from 'vitest';
import { KeyEventReporter } from '../../src/keys/events/key-event-reporter.js';
import type { KeyEvent } from '../../src/keys/events/key-events.js';
import { observeKeys } from '../../src/keys/observe-keys.js';
import { Telemetry } from '../../src/telemetry/telemetry.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { RecordingAudit } from '../fakes/recording-audit.js';
import { RecordingLogger } from '../fakes/recording-logger.js';
import { TimedWorld } from '../keys/support/timed-world.js';
import { Scraped } from './support/scraped.js';

const about = { issuerId: 'corp' };

/** Counts these events, as the replica of a region does. */
async function counted(...events: readonly KeyEvent[]): Promise<{ scraped: Scraped; reporter: KeyEventReporter }> {
  const clock = new FakeClock();
  const { metrics, reader } = Telemetry.local(clock);
  const host = { logger: new RecordingLogger(), audit: new RecordingAudit(), metrics, clock };
  const reporter = new KeyEventReporter(host, 'west');
  for (const event of events) reporter.report(event);
  return { scraped: new Scraped(await reader.scrape()), reporter };
}

describe('metrics of key events', () => {
  it.each<[string, KeyEvent, Readonly<Record<string, string>>, number]>([
    [
      'assay_jwks_fetch_total',
      { event: 'fetched', ...about, kind: 'miss', result: 'timeout', tookMs: 3_000 },
      { kind: 'miss', result: 'timeout' },
      1,
    ],
    [
      'assay_jwks_fetch_seconds_sum',
      { event: 'fetched', ...about, kind: 'cold', result: 'published', tookMs: 250 },
      {},
      0.25,
    ],
    [
      'assay_jwks_key_event_total',
      { event: 'key', ...about, change: 'added', thumbprint: 't', firstSeenAtMs: 1, lastSeenAtMs: 1, digestAfter: 'd' },
      { event: 'added' },
      1,
    ],
    [
      'assay_jwks_key_event_total',
      { event: 'key_set_moved', ...about, from: 'a', to: 'b' },
      { event: 'key_set_moved' },
      1,
    ],
    [
      'assay_jwks_key_event_total',
      { event: 'removed_in_use', ...about, thumbprint: 't', usedAgoMs: 5 },
      { event: 'removed_in_use' },
      1,
    ],
    [
      'assay_jwks_key_event_total',
      { event: 'mass_removal', ...about, removed: 3, left: 1 },
      { event: 'mass_removal' },
      1,
    ],
    [
      'assay_jwks_key_dropped_total',
      { event: 'dropped', ...about, reason: 'kty_unsupported', count: 3 },
      { reason: 'kty_unsupported' },
      3,
    ],
    ['assay_jwks_mac_failure_total', { event: 'record_refused', ...about, reason: 'forged' }, { reason: 'forged' }, 1],
    ['assay_jwks_kid_miss_total', { event: 'missed', ...about, outcome: 'gated' }, { outcome: 'gated' }, 1],
    ['assay_introspect_unavailable_total', { event: 'unavailable', ...about, reason: 'cold' }, { reason: 'cold' }, 1],
    ['assay_jwks_shed_total', { event: 'shed', ...about }, {}, 1],
    ['assay_jwks_propagation_seconds_sum', { event: 'adopted', ...about, afterMs: 500 }, {}, 0.5],
    ['assay_jwks_commit_total', { event: 'committed', ...about, verdict: 'REBASE' }, { verdict: 'REBASE' }, 1],
  ])('%s counts %j', async (name, event, labels, value) => {
    const { scraped } = await counted(event);
    expect(scraped.value(name, { issuer: 'corp', region: 'west', ...labels })).toBe(value);
  });

  it('count nothing that is not about an issuer', async () => {
    const { scraped } = await counted(
      { event: 'autonomous', entered: true, replicas: 3 },
      { event: 'clocks_apart', entered: true, skewMs: 9 },
    );
    expect(scraped.valuesOf('region')).toEqual(new Set());
  });

  it('remembers of each issuer how many entries its latest set wastes, and how old the answer was', async () => {
    const published: KeyEvent = {
      event: 'fetched',
      ...about,
      kind: 'refresh',
      result: 'published',
      tookMs: 1,
      size: { bytes: 900, upstreamAgeMs: 7_000 },
    };
    const dropped: KeyEvent = { event: 'dropped', ...about, reason: 'kty_unsupported', count: 2 };
    const unchanged: KeyEvent = { ...published, result: 'unchanged', size: { bytes: 0, upstreamAgeMs: 0 } };

    const wasteful = await counted(dropped, { ...dropped, reason: 'use_not_sig' }, published);
    expect(wasteful.reporter.answers.of('corp')).toEqual({ dropped: 4, upstreamAgeMs: 7_000 });
    expect(wasteful.scraped.value('assay_jwks_fetch_bytes_sum', { issuer: 'corp', region: 'west' })).toBe(900);
    // A set that has not changed wastes what it did before; a new one what it says.
    const kept = await counted(dropped, published, unchanged);
    expect(kept.reporter.answers.of('corp')).toEqual({ dropped: 2, upstreamAgeMs: 0 });
    expect(kept.scraped.value('assay_jwks_fetch_bytes_count', { issuer: 'corp', region: 'west' })).toBe(1);
    expect((await counted(dropped, published, published)).reporter.answers.of('corp').dropped).toBe(0);
    expect(kept.reporter.answers.of('other')).toEqual({ dropped: 0, upstreamAgeMs: 0 });
  });
});

describe('metrics of key states', () => {
  async function observed() {
    const t = new TimedWorld();
    const telemetry = Telemetry.local(t.clock);
    observeKeys(telemetry.metrics, {
      sides: [{ issuers: t.world.issuers, keys: t.world.keys }],
      answers: { of: () => ({ dropped: 5, upstreamAgeMs: 2_000 }) },
      deniedOf: ({ id }) => (id === 'h' ? 1 : 0),
      region: '',
    });
    const scrape = async () => new Scraped(await telemetry.reader.scrape());
    return { t, scrape };
  }

  it('is shown before there are any', async () => {
    const { scrape } = await observed();
    const scraped = await scrape();
    expect(scraped.value('assay_jwks_state', { issuer: 'h', state: 'COLD' })).toBe(1);
    expect(scraped.value('assay_jwks_age_seconds', { issuer: 'h' })).toBeUndefined();
  });

  it('is shown as it is at the scrape', async () => {
    const { t, scrape } = await observed();
    await t.warm();
    const young = await scrape();
    await t.pass(100);
    const old = await scrape();

    const [before, after] = [young, old].map((each) => each.value('assay_jwks_age_seconds', { issuer: 'h' })!);
    expect(after! - before!).toBeCloseTo(100, 0);
    expect(old.value('assay_jwks_state', { issuer: 'h', state: 'FRESH' })).toBe(1);
    expect(old.value('assay_jwks_state', { issuer: 'h', state: 'COLD' })).toBe(0);
    expect(old.value('assay_jwks_hard_ttl_seconds', { issuer: 'h' })).toBe(4 * 3_600);
    expect(old.value('assay_jwks_keys', { issuer: 'h', state: 'active' })).toBe(1);
    expect(old.value('assay_jwks_keys', { issuer: 'h', state: 'denied' })).toBe(1);
    expect(old.value('assay_jwks_keys', { issuer: 'h', state: 'dropped' })).toBe(5);
    expect(old.value('assay_jwks_upstream_age_seconds', { issuer: 'h' })).toBe(2);
    expect(old.value('assay_jwks_fetch_last_timestamp_seconds', { issuer: 'h', result: 'success' })).toBeGreaterThan(
      1e9,
    );
    expect(old.value('assay_jwks_fetch_last_timestamp_seconds', { issuer: 'h', result: 'failure' })).toBeUndefined();
  });

  it('has a digest that is the same for the same keys, and another for others', async () => {
    const { t, scrape } = await observed();
    await t.warm();
    const digest = async (id: string) => (await scrape()).value('assay_jwks_set_digest', { issuer: id })!;
    const first = await digest('h');
    expect(Number.isSafeInteger(first)).toBe(true);
    expect(await digest('h')).toBe(first);
    expect(await digest('g')).not.toBe(first);
    await t.h.publish('another');
    await t.pass(400);
    expect(await digest('h')).not.toBe(first);
  });

  it('is not shown any more for an issuer that is gone', async () => {
    const { t, scrape } = await observed();
    await t.warm();
    expect((await scrape()).valuesOf('issuer')).toEqual(new Set(['h', 'g']));
    t.world.issuers.replace(t.world.issuers.all().filter(({ id }) => id === 'g'));
    expect((await scrape()).valuesOf('issuer')).toEqual(new Set(['g']));
  });
});
