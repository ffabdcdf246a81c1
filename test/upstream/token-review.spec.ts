import { afterEach, describe, expect, it } from 'vitest';
import { aJwks, aKey } from '../builders/a-key.js';
import { Cluster, CLUSTER, POD, type ClusterTerms } from './support/cluster.js';
import { reviewOf } from './support/fake-api-server.js';
import { AUDIENCE, outage } from './support/opaque-world.js';

let cluster: Cluster;

const ways = [
  ['jwt: introspect', { jwt: 'introspect' }],
  ['recheck', { recheck: '60s' }],
] as const;

async function open(opaque: object, terms: Partial<ClusterTerms> = {}): Promise<Cluster> {
  cluster = await Cluster.open({ opaque, ...terms });
  return cluster;
}

afterEach(() => cluster.close());

/** What an API server says of a good token. */
const good = (others: object = {}) =>
  reviewOf({ authenticated: true, user: { username: POD }, audiences: [AUDIENCE], ...others });

describe.each(ways)('an API server that is asked, %s', (name, opaque) => {
  it('TR-01 is asked for our audiences, as ourselves, and a token of a pod that is there is good', async () => {
    const { api, world } = await open(opaque);
    const token = cluster.token();
    expect(await cluster.verdict(token)).toMatchObject({ active: true, iss: CLUSTER, sub: POD, aud: AUDIENCE });
    expect(api.reviews).toEqual([
      {
        path: '/apis/authentication.k8s.io/v1/tokenreviews',
        authorization: 'Bearer token-of-assay-1',
        token,
        audiences: [AUDIENCE],
      },
    ]);
    const written = JSON.stringify([world.context.logger.lines, world.context.audit.records]);
    for (const secret of [token, token.split('.')[2]!, 'token-of-assay-1']) expect(written).not.toContain(secret);
  });

  it.each([
    ['other audiences', { audiences: ['https://other.example'] }],
    ['no audience of those it was asked for', { audiences: [] }],
    ['nothing of audiences', { audiences: undefined }],
    ['null', { audiences: null }],
  ])('TR-01 what it calls authenticated for %s is inactive', async (_what, others) => {
    const { api } = await open(opaque);
    api.lie = () => good(others);
    expect(await cluster.verdict(cluster.token())).toBe('audience_mismatch');
  });

  it.each([
    ['not authenticated, by a word', { authenticated: false }],
    ['not authenticated, by silence, with a reason', { user: {}, error: '[invalid bearer token]' }],
  ])('TR-01 what it does not call authenticated is inactive: %s', async (_what, status) => {
    const { api } = await open(opaque);
    api.lie = () => reviewOf(status);
    expect(await cluster.verdict(cluster.token())).toBe('opaque_inactive');
  });

  it.each<[string, object | string, string]>([
    ['"true"', good({ authenticated: 'true' }), 'answer'],
    ['1', good({ authenticated: 1 }), 'answer'],
    ['authenticated, and an error', good({ error: 'etcdserver: request timed out' }), 'answer'],
    ['a user without a name', good({ user: {} }), 'answer'],
    ['audiences that are no list', good({ audiences: AUDIENCE }), 'answer'],
    ['no status', reviewOf(undefined), 'answer'],
    ['another kind', { ...good(), kind: 'SubjectAccessReview' }, 'answer'],
    ['another version', { ...good(), apiVersion: 'authentication.k8s.io/v1beta1' }, 'answer'],
    ['two statuses', '{"kind":"TokenReview","status":{"authenticated":false},"status":{"authenticated":true}}', 'json'],
  ])('TR-01 an answer that is none is an outage, never a verdict: %s', async (_what, answer, category) => {
    const { api } = await open(opaque);
    api.lie = () => answer;
    expect(await cluster.verdict(cluster.token())).toBe(outage(category));
  });

  it('TR-01 an answer about somebody else is refused, with an alarm', async () => {
    const { api, world } = await open(opaque);
    api.lie = () => good({ user: { username: 'system:serviceaccount:kube-system:admin' } });
    expect(await cluster.verdict(cluster.token())).toBe('opaque_foreign');
    expect(world.context.logger.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { fields: { issuer: 'k8s', reason: 'foreign' } },
    ]);
  });

  it.each([
    [401, 'credentials_refused'],
    [403, 'credentials_refused'],
    [200, 'status_other'],
    [302, 'redirect'],
    [429, 'rate_limited'],
    [500, 'status_5xx'],
  ])('TR-01 status %i is an outage', async (status, category) => {
    const { api } = await open(opaque);
    api.lie = (_review, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(good()));
      return undefined;
    };
    expect(await cluster.verdict(cluster.token())).toBe(outage(category));
  });

  it('our own token is read again when its file changes, as kubelet changes it every hour', async () => {
    const { api, world } = await open(opaque);
    api.admit('token-of-assay-2');
    expect(await cluster.verdict(cluster.token())).toBe(outage('credentials_refused'));
    await world.context.reload();
    expect(await cluster.verdict(cluster.token())).toMatchObject({ active: true });
    expect(api.reviews.at(-1)?.authorization).toBe('Bearer token-of-assay-2');
  });

  it.each([
    ['the issuer of the cluster', CLUSTER],
    ['the name of the API server', 'https://kubernetes.default.svc'],
    ['both', [AUDIENCE, CLUSTER]],
  ])('TR-03 a token for the API server itself is refused before it is asked: %s', async (_what, aud) => {
    const { api } = await open(opaque, { others: { audiences: 'any' }, review: { audiences: [AUDIENCE] } });
    api.lie = () => good();
    expect(await cluster.verdict(cluster.token({ aud }))).toBe('audience_mismatch');
    expect(await cluster.verdict(cluster.token({ aud: api.url }))).toBe('audience_mismatch');
    expect(await cluster.verdict(cluster.token({ aud: 'https://other.example' }))).toBe('audience_mismatch');
    expect(await cluster.verdict(cluster.token({ aud: undefined }))).toBe('audience_mismatch');
    expect(api.reviews).toEqual([]);
  });

  it('is never asked about a JWT of anybody else, a broken one, an opaque token, or for a caller that may not see it', async () => {
    const { api, world } = await open(opaque);
    const nameless = cluster.token({ iss: undefined });
    const other = cluster.token({ iss: 'https://other.example' });
    const [header, payload] = cluster.token().split('.');
    const broken = [
      `${header}.${payload}`,
      `${header}.${payload}.`,
      `${header}.${payload}.*`,
      `${header}!.${payload}.AA`,
    ];
    expect(await cluster.verdict(world.jwt('corp'))).toMatchObject({ active: true });
    for (const token of [nameless, other, ...broken, 'opaque-token']) await cluster.verdict(token);
    for (const hint of ['k8s', 'corp']) await world.verdict('opaque-token', { hint });
    expect(await cluster.verdict(cluster.token(), 'corp-only')).toBe('caller_issuer_not_granted');
    expect(await cluster.verdict(cluster.token(), 'narrow')).toBe('caller_audience_not_granted');
    expect(api.reviews).toEqual([]);
  });

  it('TR-04 the API server remembers, too: a pod that is gone is refused within our time and its own', async () => {
    const { api, world } = await open({ ...opaque, cache: { positive: '10s' } });
    const [own, theirs] = [name === 'recheck' ? 60_000 : 10_000, 10_000];
    api.memory = { ms: theirs, nowMs: () => world.clock.monoMs() };
    const token = cluster.token();
    expect(await cluster.verdict(token)).toMatchObject({ active: true });
    // The last moment at which the API server still remembers: what it says then is remembered here.
    await world.clock.advance(theirs - 1);
    await cluster.verdict(token);
    api.gone.add(POD);
    let goneForMs = 0;
    while ((await cluster.verdict(token)) !== 'opaque_inactive') {
      await world.clock.advance(1_000);
      goneForMs += 1_000;
    }
    expect(goneForMs).toBeLessThanOrEqual(own + theirs);
    expect(api.reviews.length).toBeLessThanOrEqual(4);
  });
});

describe('jwt: introspect', () => {
  it('needs no key of the cluster, and holds what the token says to the rules of the registration', async () => {
    const rules = [{ claim: ['kubernetes.io', 'namespace'], equals: 'shop' }];
    const { api } = await open({ jwt: 'introspect' }, { others: { rules, keys: { jwks: aJwks(aKey('RS256')) } } });
    const of = (namespace: string): string => cluster.token({ 'kubernetes.io': { namespace } as never });
    expect(await cluster.verdict(of('shop'))).toMatchObject({ active: true });
    // Hopeless by what it says itself: nobody is asked.
    expect(await cluster.verdict(of('other'))).toBe('rule_failed');
    expect(await cluster.verdict(cluster.token({ exp: 1 as never }))).toBe('expired');
    expect(api.reviews).toHaveLength(1);
  });

  it('remembers what was said, and no longer than the token lives', async () => {
    const { api, world } = await open({ jwt: 'introspect' });
    const token = cluster.token({ exp: (world.nowSeconds + 4) as never });
    await cluster.verdict(token);
    await world.clock.advance(3_999);
    await cluster.verdict(token);
    expect(api.reviews).toHaveLength(1);
    await world.clock.advance(1);
    await cluster.verdict(token);
    expect(api.reviews).toHaveLength(2);
  });
});
