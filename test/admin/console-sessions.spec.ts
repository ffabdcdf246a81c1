import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDLE_MS, LONGEST_MS } from '../../src/admin/console/console-sessions.js';
import { adminSection, AdminService, FakeIssuer, operator, quickIssuer, viewer } from './support/admin-world.js';

describe('a session of the console', () => {
  let issuer: FakeIssuer;
  let service: AdminService;
  const own = () => ({
    'assay-console': '1',
    origin: service.managementUrl,
    host: new URL(service.managementUrl).host,
  });

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    service = await AdminService.start([quickIssuer(issuer)], { admin: adminSection });
  });

  afterEach(async () => {
    await service.stop();
    await issuer.stop();
  });

  async function signIn(token: string, headers: Record<string, string> = {}): Promise<string> {
    const { headers: answered } = await service.ask('POST', '/console/session', {
      token,
      headers: { ...own(), ...headers },
    });
    return answered['set-cookie']?.[0]?.split(';')[0] ?? '';
  }

  const read = (cookie: string, headers: Record<string, string> = {}) =>
    service.ask('GET', '/admin/v1/issuers', { headers: { ...own(), cookie, ...headers } });

  it('is begun with a token, holds its role, and is written down', async () => {
    const cookie = await signIn(viewer);
    expect((await read(cookie)).status).toBe(200);
    const refused = await service.ask('POST', '/admin/v1/issuers/corp/refresh', { headers: { ...own(), cookie } });
    expect([refused.status, refused.body['code']]).toEqual([403, 'role_insufficient']);
    const acting = await signIn(operator);
    service.clock.forward(2_000);
    expect(
      (await service.ask('POST', '/admin/v1/issuers/corp/refresh', { headers: { ...own(), cookie: acting } })).status,
    ).toBe(200);
    expect(service.auditedFields.filter(({ action }) => action === 'admin_signed_in')).toMatchObject([
      { by: 'watching' },
      { by: 'acting' },
    ]);
    expect(service.output).not.toContain(cookie.split('=')[1]);
  });

  it.each([
    ['a page of another port of this host', { 'sec-fetch-site': 'same-site' }],
    ['a page of another origin', { origin: 'https://evil.example' }],
    ['no page at all', { 'assay-console': '' }],
    ['a page without an origin', { origin: 'null' }],
  ])('is no good for %s', async (_, foreign) => {
    const cookie = await signIn(operator);
    for (const ask of [
      read(cookie, foreign),
      service.ask('POST', '/admin/v1/issuers/corp/refresh', { headers: { ...own(), cookie, ...foreign } }),
      service.ask('POST', '/console/session', { token: operator, headers: { ...own(), ...foreign } }),
      service.ask('DELETE', '/console/session', { headers: { ...own(), cookie, ...foreign } }),
    ]) {
      const { status, body, headers } = await ask;
      expect([status, body['code'], headers['set-cookie']]).toEqual([403, 'origin_foreign', undefined]);
    }
    expect((await read(cookie)).status).toBe(200);
  });

  it('changes nothing without the name of its origin', async () => {
    const cookie = await signIn(operator);
    const { 'assay-console': field, host } = own();
    const nameless = { 'assay-console': field, host };
    expect((await service.ask('GET', '/admin/v1/issuers', { headers: { ...nameless, cookie } })).status).toBe(200);
    expect(
      (await service.ask('POST', '/admin/v1/issuers/corp/refresh', { headers: { ...nameless, cookie } })).status,
    ).toBe(403);
  });

  it('is over when its user signs out, is idle, or has used it for a shift', async () => {
    const [left, idle] = [await signIn(viewer), await signIn(viewer)];
    expect((await service.ask('DELETE', '/console/session', { headers: { ...own(), cookie: left } })).status).toBe(204);
    expect((await read(left)).body['code']).toBe('session_over');
    service.clock.forward(IDLE_MS - 1_000);
    expect((await read(idle)).status).toBe(200);
    service.clock.forward(IDLE_MS);
    expect((await read(idle)).body['code']).toBe('session_over');
    const busy = await signIn(viewer);
    for (let passed = 0; passed < LONGEST_MS; passed += IDLE_MS / 2) {
      expect((await read(busy)).status).toBe(200);
      service.clock.forward(IDLE_MS / 2);
    }
    expect((await read(busy)).body['code']).toBe('session_over');
  });

  it('follows the configuration: a token that is gone ends it, another role holds at once, and so does switching off', async () => {
    const [watching, acting] = [await signIn(viewer), await signIn(operator)];
    await service.write([quickIssuer(issuer)], {
      admin: { tokens: [{ id: 'acting', secret: operator, role: 'viewer' }] },
    });
    await service.reload();
    expect((await read(watching)).body['code']).toBe('session_over');
    expect((await read(acting)).status).toBe(200);
    const demoted = await service.ask('POST', '/admin/v1/issuers/corp/refresh', {
      headers: { ...own(), cookie: acting },
    });
    expect(demoted.body['code']).toBe('role_insufficient');
    await service.write([quickIssuer(issuer)], { admin: { ...adminSection, console: false } });
    await service.reload();
    expect((await read(acting)).status).toBe(401);
    expect((await service.ask('POST', '/console/session', { token: operator, headers: own() })).status).toBe(404);
    expect((await service.ask('GET', '/console/')).status).toBe(404);
  });

  it('is a cookie that no script reads, under a name of its own for each port', async () => {
    const { headers } = await service.ask('POST', '/console/session', { token: viewer, headers: own() });
    const port = new URL(service.managementUrl).port;
    expect(headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^assay_console_${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    const secure = await service.ask('POST', '/console/session', {
      token: viewer,
      headers: { ...own(), host: 'assay.example', origin: 'https://assay.example' },
    });
    expect(secure.headers['set-cookie']?.[0]).toMatch(/^assay_console_default=.*; Secure$/);
  });

  it('cannot be guessed faster than a token', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 110; i++)
      statuses.push((await service.ask('POST', '/console/session', { token: `guess-${i}`, headers: own() })).status);
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
    expect(await signIn(operator)).not.toBe('');
  });
});
