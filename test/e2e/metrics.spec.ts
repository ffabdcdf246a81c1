import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { metricTable } from '../../src/telemetry/metrics/metric-table.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { RedisServer } from '../redis/redis-server.js';
import { panels, sent } from '../telemetry/support/dashboard.js';
import { unansweredIn } from '../telemetry/support/play-scrape.js';
import { readQuery } from '../telemetry/support/promql.js';
import { Scraped } from '../telemetry/support/scraped.js';
import { stockQueries } from '../telemetry/support/stock-queries.js';
import { GrpcClient } from '../transport/grpc/support/client.js';
import { talk } from '../transport/http/support/raw-http.js';
import { request } from '../transport/http/support/requests.js';
import { AssayProcess } from './support/assay-process.js';
import { configurationOf, introspect, issuerSection, ordersApi } from './support/configuration.js';
import { leaksIn } from './support/leaks.js';

const subject = 'subject-canary-7Wm3';

/** Names that a scrape can only have after trouble that this test does not make, once something was revoked, or where what they count is configured. */
const onlyInTrouble =
  /_(shed|mac_failure|kid_miss|ended_early|undetermined|blind_verdicts|redis_failures|telemetry_exports|permits_withheld)_total$|assay_introspect_unavailable|key_dropped|config_last_reload|assay_rejections|assay_revocations|assay_signal|assay_proof_uses_total|assay_upstream_|assay_region_/;

describe('/metrics of the program', () => {
  let issuer: FakeIssuer;
  let redis: RedisServer;
  let assay: AssayProcess;

  beforeAll(async () => {
    [issuer, redis] = await Promise.all([FakeIssuer.start(), RedisServer.start()]);
    assay = await AssayProcess.start((ports) => ({
      ...configurationOf(ports, [issuerSection('corp', issuer, { criticality: 'critical' })]),
      redis: { url: redis.url, region: 'west', recordKeys: [{ id: 'k1', secret: 'f1c0ffee5ca1ab1e0ddba11ca55e77e5' }] },
    }));
    await eventually(
      async () => (await introspect(assay, await issuer.sign({ sub: subject }))).body['active'] === true,
    );
    await eventually(async () => (await scrape()).value('assay_jwks_fleet_replicas', { region: 'west' }) === 1);
    const grpc = new GrpcClient(assay.ports.grpc);
    await grpc.introspect(await issuer.sign({ sub: subject }), { authorization: 'Basic bm9ib2R5Om5vdGhpbmc=' });
    grpc.close();
    // Of what a dashboard shows as the client's fault, and as ours.
    for (const more of [{}, { 'Content-Length': undefined, 'Transfer-Encoding': 'gzip, chunked' }]) {
      await talk(assay.ports.http, request({ headers: { Authorization: undefined, ...more } }));
    }
  });

  afterAll(async () => {
    expect(await assay.stop()).toBe(0);
    await Promise.all([issuer.stop(), redis.stop()]);
  });

  const fetched = () => fetch(`${assay.managementUrl}/metrics`);
  const scrape = async () => new Scraped(await (await fetched()).text());

  it('is text that Prometheus reads, and its linter has nothing to say', async () => {
    const response = await fetched();
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const promtool = spawnSync('promtool', ['check', 'metrics'], { input: await response.text(), encoding: 'utf8' });
    // The one name of the older conventions has the unit that those had. It is not ours to choose.
    const about = 'rpc_server_duration_milliseconds use base unit "seconds" instead of "milliseconds"\n';
    expect([promtool.stdout, promtool.stderr]).toEqual(['', about]);
  });

  it('has every metric of the table, but for those that only trouble makes', async () => {
    const { text } = await scrape();
    const missing = Object.keys(metricTable).filter((name) => !text.includes(`# TYPE ${name} `));
    expect(missing.filter((name) => !onlyInTrouble.test(name))).toEqual([]);
  });

  it('and no metric that is not in it', async () => {
    const names = [...(await scrape()).text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(names.filter((name) => !Object.hasOwn(metricTable, name ?? ''))).toEqual([]);
  });

  it('answers what dashboards of others ask of a service', async () => {
    expect(unansweredIn(await scrape(), stockQueries)).toEqual([]);
    // The test itself would notice.
    const wrong = 'sum(rate(http_server_request_duration_seconds_count{http_route="/nowhere"}[5m]))';
    expect(unansweredIn(await scrape(), [stockQueries[0]!, wrong])).toEqual([wrong]);
  });

  it('has what each panel of our own dashboard asks for, but for what only trouble makes', async () => {
    const { text } = await scrape();
    const asked = panels.flatMap(({ targets = [] }) =>
      targets.flatMap(({ expr }) => [...readQuery(sent(expr)).metrics]),
    );
    const missing = [...new Set(asked)].filter((name) => !text.includes(`# TYPE ${name} `));
    expect(asked.length).toBeGreaterThan(30);
    expect(missing.filter((name) => !onlyInTrouble.test(name))).toEqual([]);
  });

  it('says of the issuer what is so', async () => {
    const labels = { issuer: 'corp', region: 'west' };
    const scraped = await scrape();
    expect(scraped.value('assay_jwks_state', { ...labels, state: 'FRESH' })).toBe(1);
    expect(scraped.value('assay_jwks_fetch_total', { ...labels, kind: 'cold', result: 'published' })).toBe(1);
    expect(scraped.value('assay_jwks_autonomous', { region: 'west' })).toBe(0);
    expect(scraped.value('assay_jwks_redis_breaker', { role: 'primary' })).toBe(0);
    expect(scraped.value('assay_ready')).toBe(1);
    expect(scraped.value('assay_callers')).toBe(1);
    expect(
      scraped.value('assay_requests_total', { door: 'introspect', caller: ordersApi.id, outcome: 'active' }),
    ).toBeGreaterThan(0);
  });

  it('counts reloads, of which there was none', async () => {
    const before = await scrape();
    expect(before.value('assay_config_reload_total', { result: 'unchanged' })).toBe(0);
    assay.signal('SIGHUP');
    await eventually(async () => (await scrape()).value('assay_config_reload_total', { result: 'unchanged' }) === 1);
    expect(
      (await scrape()).value('assay_config_last_reload_timestamp_seconds', { result: 'unchanged' }),
    ).toBeGreaterThan(1e9);
  });

  it('says nothing of what was asked (INV-01)', async () => {
    const token = await issuer.sign({ sub: subject });
    await introspect(assay, token);
    expect(leaksIn((await scrape()).text, [subject, ordersApi.secret, ...token.split('.')])).toEqual([]);
  });

  it('tells that Redis is gone, which no verdict notices', async () => {
    await redis.stop();
    await eventually(async () => (await scrape()).value('assay_jwks_redis_breaker', { role: 'primary' }) === 1);
    expect((await introspect(assay, await issuer.sign({ sub: subject }))).body['active']).toBe(true);
    const failures = /assay_jwks_redis_op_seconds_count\{[^}]*result="error"\} (\d+)/.exec((await scrape()).text);
    expect(Number(failures?.[1])).toBeGreaterThan(0);
  });
});
