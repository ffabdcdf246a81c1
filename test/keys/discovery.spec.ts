import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DiscoveryLocation } from '../../src/issuers/discovery-location.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import { FakeIssuer, JWKS_PATH, sendJson } from '../fakes/fake-issuer.js';
import { hang, redirect, respond } from '../fakes/misbehaviours.js';
import { headerOf, issuerAt, KeyWorld, quick, SHORT_DEADLINE_MS, unknownHeader } from './support/key-world.js';

describe('discovery', () => {
  let h: FakeIssuer;
  let g: FakeIssuer;

  beforeEach(async () => {
    h = await FakeIssuer.start({ path: '/tenant' });
    g = await FakeIssuer.start();
  });

  afterEach(async () => {
    await h.stop();
    await g.stop();
  });

  function discovering(location: Partial<DiscoveryLocation> = {}, differences: Partial<Issuer> = {}): Issuer {
    const keys: DiscoveryLocation = { kind: 'discovery', mode: 'auto', jwksHosts: [], ...location };
    return issuerAt(h, { keys, freshness: quick, ...differences });
  }

  const healthy = (): Issuer => issuerAt(g, { id: 'g', freshness: quick });

  const oauth = '/.well-known/oauth-authorization-server/tenant';
  const inserted = '/.well-known/openid-configuration/tenant';
  const appended = '/tenant/.well-known/openid-configuration';

  it.each([
    ['auto', oauth],
    ['oauth', oauth],
    ['oidc', appended],
  ] as const)('R8414-02 reads the metadata of %s at %s', async (mode, path) => {
    using world = new KeyWorld([discovering({ mode })]);

    expect(await world.verdict('h', headerOf(h.key))).toBe(1);
    expect(h.requests).toEqual([`GET ${path}`, `GET ${JWKS_PATH}`]);
  });

  it('R8414-02 tries the three forms in order, and remembers the one that worked', async () => {
    h.behave(oauth, respond(404));
    h.behave(inserted, respond(404));
    using world = new KeyWorld([discovering()]);

    expect(await world.verdict('h', headerOf(h.key))).toBe(1);
    expect(h.requests).toEqual([`GET ${oauth}`, `GET ${inserted}`, `GET ${appended}`, `GET ${JWKS_PATH}`]);
  });

  it('does not let a form that hangs hide the others for ever', async () => {
    h.behave(oauth, hang);
    using world = new KeyWorld([discovering()], { fetchDeadlineMs: SHORT_DEADLINE_MS });

    expect(await world.verdict('h', headerOf(h.key))).toBe('unavailable');
    world.keys.start();
    await world.fetchEnded('h', 2);
    expect(await world.verdict('h', headerOf(h.key))).toBe(1);
  });

  it('reads the metadata where discoveryUrl says, and still wants the registered issuer in it', async () => {
    const url = `${h.origin}/internal/metadata`;
    h.behave('/internal/metadata', (_request, response) => {
      sendJson(response, { ...h.metadata(), issuer: 'https://login.corp.example' });
    });
    using world = new KeyWorld([discovering({ url }, { issuer: 'https://login.corp.example' })]);
    using other = new KeyWorld([discovering({ url }, { issuer: 'https://login.other.example' })]);

    expect(await world.verdict('h', headerOf(h.key))).toBe(1);
    expect(await other.verdict('h', headerOf(h.key))).toBe('unavailable');
  });

  const wrongIssuers: [string, (issuer: string) => unknown][] = [
    ['a slash more', (issuer) => `${issuer}/`],
    ['another case', (issuer) => issuer.toUpperCase()],
    ['another tenant', (issuer) => issuer.replace('tenant', 'other')],
    ['missing', () => undefined],
    ['an array', (issuer) => [issuer]],
  ];

  it.each(wrongIssuers)('F-09 does not use metadata whose issuer is %s', async (_case, wrong) => {
    for (const path of [oauth, inserted, appended]) {
      h.behave(path, (_request, response) => {
        sendJson(response, { ...h.metadata(), issuer: wrong(h.issuer) });
      });
    }
    using world = new KeyWorld([discovering(), healthy()]);

    expect(await world.verdict('h', headerOf(h.key))).toBe('unavailable');
    expect(world.events.results('h')).toEqual(['metadata']);
    expect(h.keySetRequests).toBe(0);
    expect(await world.verdict('g', headerOf(g.key))).toBe(1);
  });

  it.each<[string, (fake: FakeIssuer) => unknown]>([
    ['http', () => 'http://keys.example/jwks'],
    ['file', () => 'file:///etc/passwd'],
    ['gopher', () => 'gopher://keys.example/'],
    ['data', () => 'data:application/json,{"keys":[]}'],
    ['without a scheme', (fake) => fake.jwksUri.replace('http:', '')],
    ['relative', () => '/jwks'],
    ['missing', () => undefined],
    ['user information', (fake) => fake.jwksUri.replace('//', '//user:secret@')],
    ['port 22', () => 'https://keys.example:22/jwks'],
    ['port 25', () => 'https://127.0.0.1:25/jwks'],
    ['port 6379', () => 'https://127.0.0.1:6379/jwks'],
    ['line ends', (fake) => `${fake.jwksUri}\r\nX-Injected: 1`],
    ['another loopback port', () => g.jwksUri],
  ])('F-10 asks nobody for a jwks_uri with %s', async (_case, jwksUri) => {
    for (const path of [oauth, inserted, appended]) {
      h.behave(path, (_request, response) => {
        sendJson(response, { ...h.metadata(), jwks_uri: jwksUri(h) });
      });
    }
    const asked: string[] = [];
    const before = g.connections;
    using world = new KeyWorld([discovering()], { asked });

    expect(await world.verdict('h', headerOf(h.key))).toBe('unavailable');
    expect(world.events.results('h')).toEqual(['metadata']);
    expect(h.keySetRequests).toBe(0);
    expect(g.connections).toBe(before);
    expect(asked).toEqual([]);
  });

  it('F-13 follows no redirect of metadata', async () => {
    for (const path of [oauth, inserted, appended]) h.behave(path, redirect(302, `${g.origin}${appended}`));
    using world = new KeyWorld([discovering()]);

    expect(await world.verdict('h', headerOf(h.key))).toBe('unavailable');
    expect(world.events.results('h')).toEqual(['redirect']);
    expect(g.requests).toEqual([]);
  });

  it('reads metadata once for many fetches', async () => {
    using world = new KeyWorld([discovering()]);
    world.keys.start();
    await world.fetchEnded('h', 3);

    expect(h.metadataRequests).toBe(1);
    expect(h.keySetRequests).toBeGreaterThanOrEqual(3);
  });

  it('reads metadata again at once when the key set is gone, and audits where it went', async () => {
    using world = new KeyWorld([discovering()]);
    expect(await world.verdict('h', headerOf(h.key))).toBe(1);
    const next = await h.addKey();
    h.behave(JWKS_PATH, respond(404));
    h.behave(oauth, (_request, response) => {
      sendJson(response, { ...h.metadata(), jwks_uri: `${h.origin}/moved?token=hunter2` });
    });
    h.behave('/moved', (_request, response) => {
      sendJson(response, h.keySet());
    });

    expect(await world.verdict('h', headerOf(next))).toBe(1);
    expect(world.events.all).toContainEqual({
      event: 'key_set_moved',
      issuerId: 'h',
      from: h.jwksUri,
      to: `${h.origin}/moved?(masked)`,
    });
    expect(JSON.stringify([world.events.all, world.freshness('h')])).not.toContain('hunter2');
  });

  it('asks no other place whether it still has the set of this one', async () => {
    using world = new KeyWorld([discovering()]);
    const etag = '"one"';
    h.behave(JWKS_PATH, (_request, response) => {
      sendJson(response, h.keySet(), { etag });
    });
    expect(await world.verdict('h', headerOf(h.key))).toBe(1);
    h.behave(JWKS_PATH, respond(410));
    h.behave(oauth, (_request, response) => {
      sendJson(response, { ...h.metadata(), jwks_uri: `${h.origin}/moved` });
    });
    h.behave('/moved', respond(304));
    await world.verdict('h', unknownHeader());

    expect(h.requests.at(-1)).toBe('GET /moved');
    expect(h.lastHeaders['if-none-match']).toBeUndefined();
    expect(world.events.results('h').at(-1)).toBe('status_other');
  });

  it('reads metadata again after three failures', async () => {
    using world = new KeyWorld([discovering()]);
    world.keys.start();
    await world.fetchEnded('h', 1);
    h.behave(JWKS_PATH, respond(500));
    await world.fetchEnded('h', 4);
    expect(h.metadataRequests).toBe(1);
    await world.fetchEnded('h', 5);

    expect(h.metadataRequests).toBe(2);
  });

  it('goes on with the keys when only the metadata cannot be reached any more', async () => {
    using world = new KeyWorld([discovering()]);
    world.keys.start();
    await world.fetchEnded('h', 1);
    h.behave(JWKS_PATH, respond(500));
    await world.fetchEnded('h', 4);
    h.recover();
    for (const path of [oauth, inserted, appended]) h.behave(path, respond(503));
    const next = await h.addKey();
    await world.fetchEnded('h', 5);

    expect(world.events.results('h').at(-1)).toBe('published');
    expect(await world.verdict('h', headerOf(next))).toBe(1);
  });

  it('RK8S-01 shows the bearer token to the host of the metadata', async () => {
    const network = { allowPrivate: true, bearerToken: 'service-account-token' };
    using world = new KeyWorld([discovering({}, { network })]);
    await world.verdict('h', headerOf(h.key));

    expect(h.requests.at(-1)).toBe(`GET ${JWKS_PATH}`);
    expect(h.lastHeaders.authorization).toBe('Bearer service-account-token');
  });
});
