import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { operator, quickIssuer, viewer } from './support/admin-world.js';
import { IndependentRegions } from './support/independent-regions.js';

describe('all regions in one answer', { timeout: 60_000 }, () => {
  let world: IndependentRegions;
  const servers: Server[] = [];

  beforeEach(async () => {
    world = await IndependentRegions.start('viewer');
  });

  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    await world.stop();
  });

  const kinds = async (): Promise<readonly unknown[]> => (await world.fleet()).findings.map(({ kind }) => kind);

  /** The other region is this from now on. */
  async function pretend(answer: RequestListener): Promise<string> {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await world.name([{ name: 'us', url }], viewer);
    return url;
  }

  it('shows each with its state and its age, and says that they agree', async () => {
    await world.inTheEnd(async () => (await world.fleet())['isHealthy'] === true);
    const { regions, ...fleet } = await world.fleet();
    expect(fleet).toMatchObject({
      region: 'eu',
      isComplete: true,
      sentence: 'All 2 replicas in 2 regions agree',
      findings: [],
      boundSeconds: 3,
    });
    expect(regions).toMatchObject([
      { name: 'eu', isOwn: true, state: 'reachable', ageSeconds: 0 },
      { name: 'us', state: 'reachable', answersAs: 'us', replicas: { remembered: 1, live: 1 } },
    ]);
    expect(regions[1]!['ageSeconds']).toBeLessThan(60);
    expect(regions[1]!['issuers']).toEqual({ total: 1, states: { FRESH: 1 } });
  });

  it('shows each issuer as it is in the other region', async () => {
    await world.inTheEnd(async () => (await world.fleet())['isHealthy'] === true);
    const { body } = await world.eu.ask('GET', '/admin/v1/issuers/corp', { token: viewer });
    expect(body['regions']).toMatchObject([{ region: 'us', state: 'FRESH', digest: body['digest'] }]);
    await world.link.stop();
    await world.fleet();
    const { body: later } = await world.eu.ask('GET', '/admin/v1/issuers/corp', { token: viewer });
    expect(later['regions']).toMatchObject([{ region: 'us', isReachable: false, state: 'FRESH' }]);
    expect((later['regions'] as object[])[0]).not.toHaveProperty('ageSeconds');
  });

  it('names one that is cut off, since when, and shows what it last said with its age; and that it is back', async () => {
    await world.inTheEnd(async () => (await world.fleet())['isHealthy'] === true);
    const before = world.eu.clock.wallMs();
    await world.link.stop();
    const { regions, ...fleet } = await world.fleet();
    expect(fleet).toMatchObject({ isComplete: false, isHealthy: false });
    expect(fleet['sentence']).toContain('us is not reachable');
    expect(fleet['detail']).toContain('not known');
    expect(regions[1]).toMatchObject({ state: 'unreachable', category: 'connect', replicas: { live: 1 } });
    const since = String(regions[1]!['notReachableSince']);
    expect(Date.parse(since)).toBeGreaterThanOrEqual(before);
    world.eu.clock.forward(60_000);
    const later = await world.seen();
    expect(later['ageSeconds']).toBeGreaterThanOrEqual(60);
    expect(later['notReachableSince']).toBe(since);
    const { text } = await world.eu.ask('GET', '/metrics');
    expect(text).toContain('assay_region_reachable{region="eu",peer="us"} 0');
    await world.mend();
    await world.inTheEnd(async () => (await world.seen())['state'] === 'reachable');
    expect(await world.seen()).not.toHaveProperty('notReachableSince');
  });

  it('waits for none longer than it says, and says of one that never answered that nothing is known of it', async () => {
    let isAsked = false;
    const url = await pretend(() => (isAsked = true));
    await eventually(() => isAsked);
    const asked = world.eu.ask('GET', '/admin/v1/fleet', { token: viewer });
    world.eu.clock.forward(3_000);
    const { boundSeconds, ...fleet } = (await asked).body;
    const regions = fleet['regions'] as object[];
    expect(boundSeconds).toBe(3);
    expect(regions[1]).toMatchObject({
      name: 'us',
      state: 'unreachable',
      category: 'timeout',
      host: new URL(url).host,
    });
    expect(regions[1]).not.toHaveProperty('ageSeconds');
    expect(await kinds()).toEqual(['region_unreachable']);
  });

  it('says in what they differ: a key that only one denies, an issuer that only one has, another registration', async () => {
    await world.inTheEnd(async () => (await world.fleet())['isHealthy'] === true);
    const path = `/admin/v1/issuers/corp/keys/${world.thumbprint}/deny`;
    await world.eu.ask('POST', path, { token: operator, body: { reason: 'stolen' } });
    expect(await kinds()).toEqual(['denied_keys_differ']);
    const key = `corp ${world.thumbprint}`;
    expect((await world.seen())['differences']).toMatchObject({ notDeniedThere: [key], counts: { denied_keys: 1 } });
    const { text } = await world.eu.ask('GET', '/metrics');
    expect(text).toContain('assay_region_differences{region="eu",peer="us",what="denied_keys"} 1');
    await world.us.ask('POST', path, { token: operator, body: { reason: 'stolen there as well' } });
    expect(await kinds()).toEqual([]);
    const other = { ...quickIssuer(world.issuer), id: 'other', issuer: 'https://other.example' };
    await world.register([quickIssuer(world.issuer, { algorithms: ['ES384', 'ES256'] }), other]);
    await world.inTheEnd(async () => (await kinds()).includes('registrations_differ'));
    expect((await world.seen())['differences']).toMatchObject({ issuers: ['other'], registrations: ['corp'] });
  });

  it('a denial that was made while the other region was cut off counts as not known there', async () => {
    await world.inTheEnd(async () => (await world.fleet())['isHealthy'] === true);
    await world.link.stop();
    const path = `/admin/v1/issuers/corp/keys/${world.thumbprint}/deny`;
    await world.eu.ask('POST', path, { token: operator, body: { reason: 'stolen' } });
    expect(await kinds()).toEqual(['region_unreachable', 'denied_keys_differ']);
  });

  it('says of one that does not take our token that it is so, and writes the token nowhere', async () => {
    const wrong = 'wrong-token-Zk7Qm2Xv9LrT4BnHc8Wp';
    await world.name([{ name: 'us', url: world.us.managementUrl }], wrong);
    expect(await world.seen()).toMatchObject({ state: 'refused', category: 'status_4xx' });
    expect(await kinds()).toEqual(['region_refuses']);
    const { text } = await world.eu.ask('GET', '/admin/v1/fleet', { token: viewer });
    for (const written of [text, world.eu.output, world.us.output]) expect(written).not.toContain(wrong);
  });

  it.each<[string, RequestListener, string]>([
    ['a page', (_, response) => response.setHeader('content-type', 'text/html').end('<p>Sign in</p>'), 'html'],
    ['another service', (_, response) => response.end('{"status":"up"}'), 'json'],
    ['an earlier version', (_, response) => response.writeHead(404).end('{"status":404}'), 'status_4xx'],
    ['an endless answer', (_, response) => response.end(`"${'x'.repeat(300_000)}"`), 'oversize'],
  ])('believes nothing of what %s answers', async (_, answer, category) => {
    await pretend(answer);
    expect(await world.seen()).toMatchObject({ state: 'not_understood', category });
    expect((await world.fleet())['isComplete']).toBe(false);
  });

  it('follows no redirect: the token is shown to nobody else', async () => {
    const visitors: unknown[] = [];
    const elsewhere = await pretend((request, response) => {
      visitors.push(request.headers.authorization);
      response.end('{}');
    });
    await pretend((_, response) => response.writeHead(307, { location: `${elsewhere}/admin/v1/fleet` }).end());
    visitors.length = 0;
    expect(await world.seen()).toMatchObject({ state: 'not_understood', category: 'redirect' });
    expect(visitors).toEqual([]);
  });

  it('notices a url that leads back to the own region, and asks nobody for an entry with the own name', async () => {
    await world.name([{ name: 'us', url: world.eu.managementUrl }], viewer);
    expect(await kinds()).toEqual(['region_misnamed']);
    expect(await world.fleet()).toMatchObject({ isComplete: false });
    await world.name([{ name: 'eu', url: 'http://127.0.0.1:9' }], viewer);
    const { regions, isComplete, detail } = await world.fleet();
    expect(regions.map(({ name }) => name)).toEqual(['eu']);
    expect([isComplete, detail]).toEqual([true, expect.stringContaining('names no other region')]);
  });

  it('two regions that name each other do not ask in a circle', async () => {
    const { body } = await world.us.ask('GET', '/admin/v1/fleet?regions=own', { token: viewer });
    expect(body).toMatchObject({ region: 'us', issuers: { corp: { state: 'FRESH' } }, deniedKeys: { count: 0 } });
    expect(body).not.toHaveProperty('regions');
  });
});
