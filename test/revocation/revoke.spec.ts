import { allowInsecureRequests, ClientSecretBasic, Configuration, tokenRevocation } from 'openid-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adminSection, AdminService, FakeIssuer, quickIssuer, viewer } from '../admin/support/admin-world.js';
import { audience, ordersApi, type Section } from '../e2e/support/configuration.js';
import { eventually } from '../fakes/eventually.js';
import { testRecordKey } from '../redis/a-redis-key-store.js';
import { RedisServer } from '../redis/redis-server.js';

const { secret } = ordersApi;

/** A caller that sees the tokens of corp for the usual audience, but for what is said otherwise. */
function caller(id: string, more: Section = {}): Section {
  return { id, secrets: [secret], issuers: ['corp'], audiences: [audience], claims: 'any', ...more };
}

const callers = [
  caller('orders-api'),
  caller('own', { revoke: 'own' }),
  caller('audience', { revoke: 'audience' }),
  caller('any', { revoke: 'any', audiences: 'any' }),
  {
    ...caller('workload'),
    secrets: undefined,
    token: { issuer: 'corp', subject: 'system:orders', audience: 'https://assay.example' },
  },
  caller('elsewhere', { revoke: 'any', audiences: ['https://elsewhere.example'] }),
];

async function revoke(service: AdminService, id: string, form: Record<string, string>, password = secret) {
  const authorization = `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`;
  const body = new URLSearchParams(form);
  const response = await fetch(`${service.publicUrl}/revoke`, { method: 'POST', headers: { authorization }, body });
  const text = await response.text();
  return { status: response.status, text, headers: response.headers };
}

describe('POST /revoke (RFC 7009)', () => {
  let issuer: FakeIssuer;
  let service: AdminService;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    service = await AdminService.start([{ ...quickIssuer(issuer), audiences: 'any' }], {
      admin: adminSection,
      callers,
    });
  });

  afterEach(async () => {
    await service.stop();
    await issuer.stop();
  });

  const list = async (): Promise<number> => {
    const { body } = await service.ask('GET', '/admin/v1/issuers/corp/revocations', { token: viewer });
    return (body['revocations'] as readonly unknown[]).length;
  };

  it.each([
    ['own', 'own', audience],
    ['audience', 'somebody', audience],
    ['any', 'somebody', 'https://another.example'],
  ])('REV-07 a caller with the right %s ends what it is for', async (id, client, aud) => {
    const token = await issuer.sign({ jti: 'one', client_id: client, aud });
    expect((await service.introspect(token, 'any'))['active']).toBe(true);
    const { status, text } = await revoke(service, id, { token, token_type_hint: 'refresh_token' });
    expect([status, text]).toEqual([200, '']);
    expect(await service.introspect(token, 'any')).toEqual({ active: false });
    expect((await revoke(service, id, { token })).status).toBe(200);
    expect(await list()).toBe(1);
    expect(service.audit).toContainEqual(
      expect.objectContaining({ action: 'revoked', kind: 'token', issuer: 'corp', by: `caller:${id}` }),
    );
  });

  it('REV-07 who may see a token and not end it is told so; who may not see it is told nothing, and nothing is written', async () => {
    const token = await issuer.sign({ jti: 'one', client_id: 'somebody' });
    for (const id of ['orders-api', 'own']) {
      const { status, text } = await revoke(service, id, { token });
      expect([status, JSON.parse(text)]).toMatchObject([400, { error: 'unauthorized_client' }]);
    }
    expect(await revoke(service, 'elsewhere', { token })).toMatchObject({ status: 200, text: '' });
    expect(await list()).toBe(0);
    expect((await service.introspect(token))['active']).toBe(true);

    await revoke(service, 'any', { token });
    expect(await revoke(service, 'elsewhere', { token })).toMatchObject({ status: 200, text: '' });
    expect((await revoke(service, 'orders-api', { token })).status).toBe(400);
  });

  it('REV-08 what is no good token is 200 with nothing, and writes nothing', async () => {
    const good = await issuer.sign({ jti: 'one' });
    const forged = `${good.slice(0, -4)}${good.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    const expired = await issuer.sign({ iat: 1, exp: 2 });
    for (const token of ['opaque', 'a.b.c', forged, expired, await issuer.sign({ iss: 'https://evil.example' })]) {
      expect(await revoke(service, 'any', { token })).toMatchObject({ status: 200, text: '' });
    }
    expect(await list()).toBe(0);
    expect((await service.introspect(good))['active']).toBe(true);
  });

  it('knows who asks before anything else, and wants a token', async () => {
    const token = await issuer.sign({ jti: 'one' });
    expect((await revoke(service, 'any', { token }, 'wrong')).status).toBe(401);
    expect(
      (await fetch(`${service.publicUrl}/revoke`, { method: 'POST', body: new URLSearchParams({ token }) })).status,
    ).toBe(401);
    expect((await revoke(service, 'any', {})).status).toBe(400);
    expect((await fetch(`${service.publicUrl}/revoke`)).status).toBe(405);
    expect(await list()).toBe(0);
  });

  it('REV-07 answers an RFC 7009 client, which finds it in the metadata', async () => {
    const response = await fetch(`${service.publicUrl}/.well-known/oauth-authorization-server`);
    const metadata = (await response.json()) as { issuer: string; revocation_endpoint: string };
    expect(metadata.revocation_endpoint).toBe('https://assay.example/revoke');
    const server = { ...metadata, revocation_endpoint: `${service.publicUrl}/revoke` };
    const client = new Configuration(server, 'own', {}, ClientSecretBasic(secret));
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated so that it stands out; loopback has no TLS
    allowInsecureRequests(client);
    const token = await issuer.sign({ jti: 'one', client_id: 'own' });
    await tokenRevocation(client, token);
    expect((await service.introspect(token, 'own'))['active']).toBe(false);
    const foreign = await issuer.sign({ jti: 'two', client_id: 'somebody' });
    await expect(tokenRevocation(client, foreign)).rejects.toMatchObject({ error: 'unauthorized_client' });
  });

  it('REV-12 a revoked token authenticates no caller either', async () => {
    const mine = await issuer.sign({ jti: 'mine', sub: 'system:orders', aud: 'https://assay.example' });
    const ask = async (): Promise<number> => {
      const headers = { authorization: `Bearer ${mine}` };
      const body = new URLSearchParams({ token: await issuer.sign() });
      return (await fetch(`${service.publicUrl}/introspect`, { method: 'POST', headers, body })).status;
    };
    expect(await ask()).toBe(200);
    expect((await revoke(service, 'any', { token: mine })).status).toBe(200);
    expect(await ask()).toBe(401);
  });

  it('is 503 without room, and the token stays good', async () => {
    await service.write([{ ...quickIssuer(issuer), revocation: { quota: 1 } }], { admin: adminSection, callers });
    await service.reload();
    const [one, two] = [await issuer.sign({ jti: 'one' }), await issuer.sign({ jti: 'two' })];
    expect((await revoke(service, 'any', { token: one })).status).toBe(200);
    const full = await revoke(service, 'any', { token: two });
    expect([full.status, full.headers.get('retry-after')]).toEqual([503, '60']);
    expect((await service.introspect(two))['active']).toBe(true);
  });
});

describe('POST /revoke with replicas that share a Redis', () => {
  it('REV-09 REV-10 is in force at the other within 7 s; while Redis is away it is 503, and in force at this one', async () => {
    const [issuer, redis] = [await FakeIssuer.start(), await RedisServer.start()];
    const more = { admin: adminSection, callers, redis: { url: redis.url, recordKeys: [testRecordKey] } };
    const [here, there] = await Promise.all([
      AdminService.start([quickIssuer(issuer)], more),
      AdminService.start([quickIssuer(issuer)], more),
    ]);
    const isOver = (token: string): Promise<boolean> =>
      eventually(async () => {
        there.clock.forward(200);
        here.clock.forward(200);
        return !(await there.isActive(token));
      }).then(() => true);
    try {
      const [one, two] = [await issuer.sign({ jti: 'one' }), await issuer.sign({ jti: 'two' })];
      for (const token of [one, two]) expect(await there.isActive(token)).toBe(true);
      const before = there.clock.monoMs();
      expect((await revoke(here, 'any', { token: one })).status).toBe(200);
      expect(await here.isActive(one)).toBe(false);
      await isOver(one);
      expect(there.clock.monoMs() - before).toBeLessThanOrEqual(7_000);

      await redis.kill();
      const away = await revoke(here, 'any', { token: two });
      expect([away.status, away.headers.get('retry-after')]).toEqual([503, '2']);
      expect(await here.isActive(two)).toBe(false);
      expect((await revoke(here, 'any', { token: two })).status).toBe(503);
      await redis.restart();
      await isOver(two);
      expect((await revoke(here, 'any', { token: two })).status).toBe(200);
    } finally {
      await Promise.all([here.stop(), there.stop()]);
      await redis.stop();
      await issuer.stop();
    }
  }, 60_000);
});
