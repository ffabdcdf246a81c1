import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { RedisServer } from '../redis/redis-server.js';
import { panels } from '../telemetry/support/dashboard.js';
import { PrometheusServer } from '../telemetry/support/prometheus-server.js';
import { AssayProcess } from './support/assay-process.js';
import { configurationOf, introspect, issuerSection, type Section } from './support/configuration.js';
import { adminSection, viewer } from './support/console-world.js';

/** Grafana takes at least four scrapes for it. */
const RATE_INTERVAL = '15s';

/** What is only there in trouble that this test does not make, or where issuers are asked about tokens. */
const onlyInTrouble =
  /_(shed|mac_failure|redis_failures|key_dropped)_total|assay_introspect_unavailable|assay_upstream_|unavailable\|failed|result="error"/;

const queries = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => [title, expr.replaceAll('$__rate_interval', RATE_INTERVAL)] as const),
);

/** As Grafana fills it in while everything is chosen. */
const sent = (expr: string): string => expr.replaceAll(/\$\w+/g, '.*');

describe('the dashboard, as a real Prometheus answers it about two regions that run', () => {
  let issuer: FakeIssuer;
  let redis: readonly RedisServer[];
  let regions: readonly AssayProcess[];
  let prometheus: PrometheusServer;
  let folder: string;

  beforeAll(async () => {
    [issuer, folder] = [await FakeIssuer.start(), await mkdtemp(join(tmpdir(), 'assay-regions-'))];
    redis = await Promise.all([RedisServer.start(), RedisServer.start()]);
    await writeFile(join(folder, 'token'), viewer);
    const [first, second] = redis;
    const us = await region('us', second!, []);
    const url = us.managementUrl;
    const eu = await region('eu', first!, [{ name: 'us', url, tokenFile: join(folder, 'token') }]);
    regions = [eu, us];
    const targets = regions.map(({ managementUrl }) => new URL(managementUrl).host);
    prometheus = await PrometheusServer.start(targets);
  }, 120_000);

  afterAll(async () => {
    await prometheus.stop();
    await Promise.all(regions.map((each) => each.stop()));
    await Promise.all(redis.map((each) => each.stop()));
    await issuer.stop();
    await rm(folder, { recursive: true });
  });

  function region(name: string, { url }: RedisServer, others: readonly Section[]): Promise<AssayProcess> {
    return AssayProcess.start((ports) => ({
      ...configurationOf(ports, [issuerSection('corp', issuer)]),
      redis: { url, region: name, recordKeys: [{ id: 'k1', secret: 'f1c0ffee5ca1ab1e0ddba11ca55e77e5' }] },
      admin: { ...adminSection, regions: others },
    }));
  }

  /** Good tokens, and expired ones. */
  async function ask(): Promise<void> {
    for (const each of regions) {
      await introspect(each, await issuer.sign());
      await introspect(each, await issuer.sign({ exp: 1_000_000_000 }));
    }
  }

  it('has data for every panel, but for those about trouble that is not there', async () => {
    const wanted = queries.filter(([, expr]) => !onlyInTrouble.test(expr));
    expect(wanted.length).toBeGreaterThan(50);
    await ask();
    // A key that was not there before.
    await issuer.addKey();
    regions[0]!.signal('SIGHUP');
    let left = wanted;
    await eventually(
      async () => {
        await ask();
        const answers = await Promise.all(left.map(async ([, expr]) => (await prometheus.ask(sent(expr))).length));
        left = left.filter((_each, i) => answers[i] === 0);
        return left.length === 0;
      },
      () => left.map(([title, expr]) => `${title}: ${sent(expr)}`).join('\n'),
    );
  }, 90_000);

  it('and what it does not have data for is asked in words that Prometheus takes', async () => {
    for (const [, expr] of queries) {
      expect(await prometheus.ask(sent(expr))).toBeInstanceOf(Array);
    }
  });
});
