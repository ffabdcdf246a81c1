import { afterEach, describe, expect, it } from 'vitest';
import { Explainer } from '../../src/admin/explain/explainer.js';
import { Cluster, CLUSTER, POD, type ClusterTerms } from './support/cluster.js';
import type { Review } from './support/fake-api-server.js';
import { AUDIENCE, outage } from './support/opaque-world.js';

let cluster: Cluster;

async function open(opaque: object, terms: Partial<ClusterTerms> = {}): Promise<Cluster> {
  cluster = await Cluster.open({ opaque, ...terms });
  return cluster;
}

afterEach(() => cluster.close());

describe('TR-02 recheck beside local verification', () => {
  const signed = (token: string, by: string): string => token.split('.').with(2, by).join('.');

  it('asks once for so long, and refuses a pod that is gone when that is over', async () => {
    const { api, world } = await open({ recheck: '60s' });
    const token = cluster.token();
    expect(await cluster.verdict(token)).toMatchObject({ active: true });
    api.gone.add(POD);
    await world.clock.advance(59_999);
    expect(await cluster.verdict(token)).toMatchObject({ active: true });
    expect(api.reviews).toHaveLength(1);
    await world.clock.advance(1);
    expect(await cluster.verdict(token)).toBe('opaque_inactive');
    // What is gone is remembered for cache.negative, 2 s.
    await world.clock.advance(1_999);
    await cluster.verdict(token);
    expect(api.reviews).toHaveLength(2);
    await world.clock.advance(1);
    await cluster.verdict(token);
    expect(api.reviews).toHaveLength(3);
  });

  it('keys come first: what they have not proven is not sent anywhere', async () => {
    const { api } = await open({ recheck: '60s' });
    const [token, other] = [cluster.token(), cluster.token({ sub: 'system:serviceaccount:shop:other' })];
    expect(await cluster.verdict(signed(token, other.split('.')[2]!))).toBe('signature_invalid');
    expect(await cluster.verdict(cluster.token({ exp: 1 as never }))).toBe('expired');
    expect(api.reviews).toEqual([]);
    expect(await cluster.verdict(token)).toMatchObject({ active: true });
    // The answer about one token is not taken for another one with the same claims.
    expect(await cluster.verdict(signed(token, other.split('.')[2]!))).toBe('signature_invalid');
    expect(api.reviews).toHaveLength(1);
  });

  const away = async (terms: object) => {
    const { api, world } = await open({ recheck: '60s', ...terms });
    const token = cluster.token();
    await cluster.verdict(token);
    api.lie = (_review: Review, response) => {
      response.writeHead(500).end();
      return undefined;
    };
    await world.clock.advance(59_999);
    expect(await cluster.verdict(token)).toMatchObject({ active: true });
    await world.clock.advance(1);
    return token;
  };

  it('an API server that is away: what it said last serves out its time, then 503', async () => {
    const token = await away({});
    expect(await cluster.verdict(token)).toBe(outage('status_5xx'));
    expect(await cluster.verdict(cluster.token({ jti: 'new' }))).toBe(outage('status_5xx'));
    expect(await cluster.verdict(cluster.world.jwt('corp'))).toMatchObject({ active: true });
  });

  it('an API server that is away, with onUnknown: accept: then what the keys say, counted, and seen by explain', async () => {
    const token = await away({ onUnknown: 'accept' });
    expect(await cluster.verdict(token)).toMatchObject({ active: true });
    expect(await cluster.world.metric('assay_upstream_rechecks_skipped_total', { issuer: 'k8s' })).toBe(1);
    // A refusal is no outage: it is never accepted.
    cluster.api.lie = undefined;
    cluster.api.gone.add(POD);
    expect(await cluster.verdict(cluster.token({ jti: 'new' }))).toBe('opaque_inactive');
  });

  it('accepts nothing that it could not even ask about: the rules stand', async () => {
    const token = await away({ onUnknown: 'accept' });
    await cluster.world.clock.advance(400_000);
    expect(await cluster.verdict(token)).toBe('expired');
  });

  it('without recheck, and for a key that is known, nobody is asked anything', async () => {
    const { world } = await open({ recheck: '60s' });
    // A verdict that needs nobody is there at once, not as a promise.
    const remembered = world.jwt('corp');
    await world.verdict(remembered);
    const verdict = world.introspector.introspect(remembered, world.caller('orders'));
    expect(verdict).not.toBeInstanceOf(Promise);
    expect(verdict).toMatchObject({ active: true });
  });
});

describe('explain', () => {
  const explain = (token: string): Promise<Readonly<Record<string, unknown>>> =>
    cluster.world.context.module
      .get(Explainer, { strict: false })
      .explain({ id: 'admin' } as never, { token, caller: 'orders' });

  it('says that the API server decided, and how', async () => {
    const { api } = await open({ recheck: '60s' });
    const asked = {
      step: 'recheck',
      issuer: 'k8s',
      by: 'token_review',
      everySeconds: 60,
      onUnknown: 'refuse',
      origin: 'issuer',
    };
    const { verdict, steps } = await explain(cluster.token());
    expect(verdict).toBe('active');
    expect(steps).toContainEqual({ ...asked, outcome: 'passed' });
    api.gone.add(POD);
    const gone = await explain(cluster.token({ jti: 'new' }));
    expect(gone).toMatchObject({ verdict: 'inactive', rejection: { code: 'opaque_inactive', step: 'recheck' } });
    expect(gone['steps']).toContainEqual({ ...asked, outcome: 'refused' });
    // Of a token that nobody is asked about, the step is not spoken of.
    const { steps: others } = await explain(cluster.world.jwt('corp'));
    expect(JSON.stringify(others)).not.toContain('recheck');
  });

  it('says why nobody was asked, and that keys have not judged', async () => {
    await open({ jwt: 'introspect' }, { others: { audiences: 'any' }, review: { audiences: [AUDIENCE] } });
    const { steps } = await explain(cluster.token());
    expect(steps).toContainEqual({ step: 'route', outcome: 'passed', issuer: 'k8s', rule: 'jwt' });
    expect(steps).toContainEqual({
      step: 'upstream',
      outcome: 'passed',
      issuer: 'k8s',
      by: 'token_review',
      origin: 'issuer',
    });
    expect(steps).toContainEqual({ step: 'signature', outcome: 'not_needed' });
    expect(await explain(cluster.token({ aud: CLUSTER }))).toMatchObject({
      rejection: { code: 'audience_mismatch', detail: 'a credential for the API server itself' },
    });
  });

  it('shows that an issuer that is away was not waited for', async () => {
    const { api } = await open({ recheck: '60s', onUnknown: 'accept' });
    api.lie = () => 'broken';
    const { verdict, steps } = await explain(cluster.token());
    expect(verdict).toBe('active');
    const said = 'the issuer gave no answer, and onUnknown: accept takes what the keys say';
    expect(steps).toContainEqual(expect.objectContaining({ step: 'recheck', outcome: 'passed', unknown: said }));
  });
});
