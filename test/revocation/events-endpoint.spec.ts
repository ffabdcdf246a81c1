import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { calculateJwkThumbprint } from 'jose';
import { CachingClient } from '../../docs/clients/caching-client.mjs';
import { adminSection, AdminService, FakeIssuer, operator, quickIssuer } from '../admin/support/admin-world.js';
import { audience, ordersApi, type Section } from '../e2e/support/configuration.js';
import { eventually } from '../fakes/eventually.js';
import { testRecordKey } from '../redis/a-redis-key-store.js';
import { RedisServer } from '../redis/redis-server.js';

const { secret } = ordersApi;

function caller(id: string, more: Section = {}): Section {
  return { id, secrets: [secret], issuers: ['corp'], audiences: [audience], claims: 'any', ...more };
}

const callers = [caller('orders-api')];

interface Events {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly events: readonly Record<string, unknown>[]; readonly next: number };
}

async function events(service: AdminService, query = '', id = 'orders-api', password = secret): Promise<Events> {
  const authorization = `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`;
  const response = await fetch(`${service.publicUrl}/events${query}`, { headers: { authorization } });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Events['body'] };
}

function end(service: AdminService, order: Section): Promise<{ readonly body: Readonly<Record<string, unknown>> }> {
  const body = { reason: 'stolen', ...order };
  return service.ask('POST', '/admin/v1/issuers/corp/revocations', { token: operator, body });
}

describe('GET /events (OUT-02)', () => {
  let issuer: FakeIssuer;
  let service: AdminService;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    const shop = { ...quickIssuer(issuer), id: 'shop', issuer: 'https://shop.example' };
    service = await AdminService.start([quickIssuer(issuer), shop], {
      admin: adminSection,
      callers: [...callers, caller('elsewhere', { issuers: ['shop'] })],
    });
  });

  afterEach(async () => {
    await service.stop();
    await issuer.stop();
  });

  it('a single replica tells of its own decisions about tokens and keys, and of those that were taken back', async () => {
    const begin = await events(service);
    expect([begin.status, begin.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const waiting = events(service, `?after=${begin.body.next}&wait=30`);
    const { body } = await end(service, { kind: 'session', value: 's1' });
    expect((await waiting).body.events).toMatchObject([{ kind: 'session', verdict: 'revoked', issuer: 'corp' }]);
    const revocation = `/admin/v1/issuers/corp/revocations/${String(body['id'])}`;
    await service.ask('DELETE', revocation, { token: operator, body: { reason: 'found again' } });
    const thumbprint = await calculateJwkThumbprint(issuer.key.publicJwk);
    const deny = `/admin/v1/issuers/corp/keys/${thumbprint}/deny`;
    await service.ask('POST', deny, { token: operator, body: { reason: 'leaked' } });
    await service.ask('DELETE', deny, { token: operator, body: { reason: 'not leaked' } });
    const { body: all } = await events(service, `?after=${begin.body.next}`);
    expect(all.events.map(({ kind, verdict }) => `${String(kind)} ${String(verdict)}`)).toEqual([
      'session revoked',
      'session allowed',
      'key denied',
      'key allowed',
    ]);
    expect(all.events[2]).toMatchObject({
      issuer: 'corp',
      iss: expect.stringContaining('127.0.0.1') as string,
      key: thumbprint,
    });
    expect(JSON.stringify(all)).not.toMatch(/s1"|stolen|leaked|acting/);
    expect((await events(service, `?after=${begin.body.next}`, 'elsewhere')).body.events).toEqual([]);
  });

  it('is for callers that prove who they are, by a form as well', async () => {
    expect((await events(service, '', 'orders-api', 'wrong')).status).toBe(401);
    expect((await fetch(`${service.publicUrl}/events`)).status).toBe(401);
    const form = { method: 'POST', body: new URLSearchParams({ client_id: 'orders-api', client_secret: secret }) };
    const response = await fetch(`${service.publicUrl}/events?wait=0`, form);
    expect([response.status, Object.keys((await response.json()) as object)]).toEqual([200, ['events', 'next']]);
  });

  it('a place that was never given is 410, and a stop answers who waits at once', async () => {
    const { body } = await events(service);
    expect((await events(service, `?after=${body.next - 1}`)).status).toBe(410);
    expect((await events(service, '?after=-1')).status).toBe(400);
    const waiting = events(service, `?after=${body.next}&wait=30`);
    await eventually(async () => {
      const { text } = await service.ask('GET', '/metrics');
      return text.includes('assay_event_polls 1');
    });
    const beganMs = performance.now();
    await service.stop();
    expect((await waiting).body).toEqual({ events: [], next: body.next });
    expect(performance.now() - beganMs).toBeLessThan(5_000);
  });

  it('the example client keeps an answer, and forgets it when it hears that it may not be true any more', async () => {
    const asked: string[] = [];
    const counting: typeof fetch = (input, init) => {
      asked.push(new URL(input).pathname);
      return fetch(input, init);
    };
    const asks = (path: string): number => asked.filter((each) => each === path).length;
    const client = new CachingClient({
      url: service.publicUrl,
      id: 'orders-api',
      secret,
      behindMs: 0,
      fetch: counting,
    });
    const token = await issuer.sign({ jti: 'one', sub: 'anna', sid: 's1' });
    await client.introspect(token);
    await client.introspect(token);
    // While it does not follow events it keeps nothing.
    expect(asks('/introspect')).toBe(2);
    const ending = new AbortController();
    const following = client.follow(ending.signal);
    await eventually(() => Promise.resolve(asks('/events') === 2));
    for (let n = 0; n < 3; n++) expect(await client.introspect(token)).toMatchObject({ active: true });
    expect(asks('/introspect')).toBe(3);
    await end(service, { kind: 'subject', value: 'berta' });
    await end(service, { kind: 'token', value: 'two' });
    await eventually(() => Promise.resolve(asks('/events') >= 4));
    await client.introspect(token);
    expect(asks('/introspect')).toBe(3);
    await end(service, { kind: 'session', value: 's1' });
    await eventually(async () => !(await client.introspect(token)).active);
    ending.abort();
    await following;
  });
});

describe('GET /events with replicas that share a Redis', () => {
  it('goes on at another replica; when Redis was emptied, what comes back is told or the place is not known', async () => {
    const [issuer, redis] = [await FakeIssuer.start(), await RedisServer.start()];
    const more = { admin: adminSection, callers, redis: { url: redis.url, recordKeys: [testRecordKey] } };
    const replicas = await Promise.all([
      AdminService.start([quickIssuer(issuer)], more),
      AdminService.start([quickIssuer(issuer)], more),
    ]);
    const [here, there] = replicas;
    const forward = (): void => {
      for (const { clock } of replicas) clock.forward(200);
    };
    try {
      const { body: begin } = await events(here);
      await end(here, { kind: 'token', value: 'one' });
      let heard = await events(there, `?after=${begin.next}`);
      await eventually(async () => {
        forward();
        heard = await events(there, `?after=${begin.next}`);
        // Time passes quickly here: a replica that has not read the log meanwhile does not know, and answers 503.
        return heard.status === 200 && heard.body.events.length === 1;
      });
      expect(heard.body.events).toMatchObject([{ kind: 'token', verdict: 'revoked', seq: heard.body.next }]);
      const { next } = heard.body;
      expect((await events(here, `?after=${next}&wait=5`)).body.next).toBe(next);

      await redis.kill();
      await redis.restart();
      let answer = await events(here, `?after=${next}`);
      await eventually(async () => {
        forward();
        answer = await events(here, `?after=${next}`);
        return answer.status === 410 || (answer.status === 200 && answer.body.events.length > 0);
      });
      let again = await events(here);
      await eventually(async () => {
        forward();
        again = await events(here, '?after=0');
        return again.status === 200 && again.body.events.length > 0;
      });
      // Each of the two may have brought it back.
      expect(new Set(again.body.events.map(({ kind }) => kind))).toEqual(new Set(['token']));
    } finally {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await redis.stop();
      await issuer.stop();
    }
  }, 60_000);
});
