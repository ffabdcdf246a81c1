import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authorize } from '../gateway/support/authorize.js';
import { ask } from '../transport/http/support/ask.js';
import { basic } from '../transport/http/support/requests.js';
import { AllEndpoints } from './all-endpoints.js';

const jti = 'jti-canary-Qm42';

let all: AllEndpoints;
let { reception, http, client, envoy } = {} as AllEndpoints;

beforeAll(async () => {
  all = await AllEndpoints.open();
  ({ reception, http, client, envoy } = all);
});

afterAll(() => all.close());

beforeEach(() => {
  reception.decisions.stop();
  reception.audit.records.length = 0;
  reception.audit.isSampling = true;
});

type Askers = Readonly<Record<string, (token: string) => Promise<unknown>>>;

/** Each endpoint, as its client asks it; those for proxies for a profile of the same rights. */
const endpoints: Askers = {
  introspect: (token) => ask(http, { headers: { Authorization: basic('orders') }, body: `token=${token}` }),
  grpc_introspect: (token) => client.introspect(token, { authorization: basic('orders') }),
  authorize: (token) => authorize(http, { token, query: 'caller=edge' }),
  ext_authz: (token) => envoy.check({ token, extensions: { caller: 'edge' } }),
};

/** Names of requests are made up. */
const aRequest = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;

const written = () => reception.audit.records.map(({ action, fields }) => ({ action, ...fields }));
const good = () => reception.context.good.with({ jti, sub: 'subject-canary-8Kd' });

describe.each(Object.keys(endpoints))('the decisions of %s', (endpoint) => {
  const caller = endpoint.includes('introspect') ? 'orders' : 'edge';
  const say = (token: string) => endpoints[endpoint]!(token);
  const signed = () => ({
    door: endpoint,
    caller,
    issuer: 'main',
    thumbprint: expect.stringMatching(/^[\w-]{43}$/) as string,
    jtiHash: reception.audit.hashOf(jti),
  });

  it('an active verdict: which key signed what, for whom', async () => {
    await say(good().build());
    expect(written()).toEqual([{ action: 'decision', verdict: 'active', ...signed(), request_id: aRequest }]);
    expect(reception.audit.records[0]?.weight).toBe('sample');
  });

  it('an active verdict that is not in the sample is not written down', async () => {
    reception.audit.isSampling = false;
    await say(good().build());
    expect(written()).toEqual([]);
  });

  it('a refusal by policy, whatever the sample is', async () => {
    reception.audit.isSampling = false;
    const token = good().expiredAt(reception.context.now).build();
    await say(token);
    await say(token);
    reception.decisions.stop();
    const refusal = { verdict: 'inactive', reason: 'expired', ...signed() };
    expect(written()).toEqual([
      { action: 'decision', ...refusal, request_id: aRequest },
      { action: 'decisions_refused', ...refusal, count: 1, since: '2026-11-21T12:00:00.000Z' },
    ]);
    expect(reception.audit.records.map(({ weight }) => weight)).toEqual(['evidence', 'evidence']);
  });

  it('what nobody has signed is counted, by issuer where one is named', async () => {
    const forged = good().signedBy(reception.context.world.attacker.es).header({ kid: 'es' }).build();
    for (const token of ['abc', 'abc', forged, forged, good().from('https://nobody.example').build()]) await say(token);
    expect(written()).toEqual([]);
    reception.decisions.stop();
    const counted = {
      action: 'decisions_refused',
      door: endpoint,
      caller,
      verdict: 'inactive',
      since: '2026-11-21T12:00:00.000Z',
    };
    expect(written()).toEqual([
      { ...counted, reason: 'malformed', count: 2 },
      { ...counted, reason: 'signature_invalid', issuer: 'main', count: 2 },
      { ...counted, reason: 'issuer_unknown', count: 1 },
    ]);
  });

  it('a token without jti is written down without its hash', async () => {
    await say(reception.context.good.with({ jti: undefined }).build());
    expect(written()).toMatchObject([{ action: 'decision', verdict: 'active', issuer: 'main' }]);
    expect(written()[0]).not.toHaveProperty('jtiHash');
  });

  it('INV-01 none says what the token says', async () => {
    await say(good().build());
    await say(good().expiredAt(reception.context.now).build());
    expect(JSON.stringify(written())).not.toMatch(/canary|eyJ/);
  });
});

describe('decisions that only some endpoints make', () => {
  const rights = { verdict: 'inactive', reason: 'caller_issuer_not_granted', issuer: 'main' };

  it('rights: who asked is what differs', async () => {
    const token = good().build();
    await ask(http, { headers: { Authorization: basic('elsewhere') }, body: `token=${token}` });
    await authorize(http, { token, query: 'caller=edge-elsewhere' });
    expect(written()).toMatchObject([
      { action: 'decision', door: 'introspect', caller: 'elsewhere', ...rights, jtiHash: reception.audit.hashOf(jti) },
      { action: 'decision', door: 'authorize', caller: 'edge-elsewhere', ...rights },
    ]);
  });

  it('a scope that is missing, and a proof that nobody sees', async () => {
    const digest = Buffer.alloc(32).toString('base64url');
    await authorize(http, { token: good().build(), query: 'caller=edge&scope=orders:write' });
    await authorize(http, {
      token: good()
        .with({ cnf: { jkt: digest } })
        .build(),
      query: 'caller=edge',
    });
    const about = { issuer: 'main', jtiHash: reception.audit.hashOf(jti) };
    expect(written()).toMatchObject([
      { action: 'decision', door: 'authorize', verdict: 'denied', reason: 'insufficient_scope', ...about },
      { action: 'decision', door: 'authorize', verdict: 'inactive', reason: 'proof_missing', ...about },
    ]);
  });

  it('a request without a token is about no token', async () => {
    await authorize(http);
    await envoy.check({ extensions: { caller: 'edge' } });
    reception.decisions.stop();
    expect(written()).toEqual([]);
  });
});
