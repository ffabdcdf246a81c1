import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ordersApi } from '../e2e/support/configuration.js';
import { AdminService, adminSection, FakeIssuer, operator, quickIssuer, viewer } from './support/admin-world.js';

const thumbprint = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
const deny = `/admin/v1/issuers/corp/keys/${thumbprint}/deny`;

/** Every admin route: method, path, body, what a viewer gets, what an operator gets. */
const routes = [
  ['GET', '/admin/v1/issuers', undefined, 200, [200]],
  ['HEAD', '/admin/v1/issuers', undefined, 200, [200]],
  ['GET', '/admin/v1/issuers/corp', undefined, 200, [200]],
  ['GET', '/admin/v1/configuration', undefined, 200, [200]],
  ['GET', '/admin/v1/overview', undefined, 200, [200]],
  ['GET', '/admin/v1/denials', undefined, 200, [200]],
  ['POST', '/admin/v1/issuers/corp/refresh', undefined, 403, [200, 429]],
  ['POST', deny, { reason: 'stolen' }, 403, [200]],
  ['DELETE', deny, undefined, 403, [204]],
] as const;

describe('who may use the admin API', () => {
  let issuer: FakeIssuer;
  let service: AdminService;

  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    service = await AdminService.start([quickIssuer(issuer)], { admin: adminSection });
  });

  afterAll(async () => {
    await service.stop();
    await issuer.stop();
  });

  describe.each(routes)('%s %s', (method, path, body, forViewer, forOperator) => {
    const sent = body === undefined ? {} : { body };

    it('RADM-01 is nothing for nobody', async () => {
      const { status, headers, body: problem } = await service.ask(method, path, sent);
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toBe('Bearer realm="assay-admin"');
      expect(headers['content-type']).toBe('application/problem+json');
      if (method !== 'HEAD') expect(problem).toMatchObject({ status: 401, code: 'credentials_missing' });
    });

    it('RADM-01 is nothing for a wrong token', async () => {
      const { status, headers } = await service.ask(method, path, { ...sent, token: `${operator}x` });
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toBe('Bearer realm="assay-admin", error="invalid_token"');
    });

    it('RADM-01 is nothing for a caller', async () => {
      const credentials = Buffer.from(`${ordersApi.id}:${ordersApi.secret}`).toString('base64');
      const basic = await service.ask(method, path, { ...sent, headers: { authorization: `Basic ${credentials}` } });
      expect(basic.status).toBe(401);
      expect((await service.ask(method, path, { ...sent, token: ordersApi.secret })).status).toBe(401);
    });

    it(`is ${forViewer} for a viewer`, async () => {
      expect((await service.ask(method, path, { ...sent, token: viewer })).status).toBe(forViewer);
    });

    it(`is ${forOperator.join(' or ')} for an operator`, async () => {
      const { status, headers } = await service.ask(method, path, { ...sent, token: operator });
      expect(forOperator).toContain(status);
      expect(headers['cache-control']).toBe('no-store');
    });
  });

  it('two Authorization headers are one too many', async () => {
    const headers = { authorization: [`Bearer ${operator}`, `Bearer ${operator}`] as unknown as string };
    expect((await service.ask('GET', '/admin/v1/issuers', { headers })).status).toBe(400);
  });

  it.each([
    '/%61dmin/v1/issuers',
    '/admin/v1/%69ssuers',
    '/admin%2Fv1/issuers',
    '//admin/v1/issuers',
    '/ADMIN/v1/issuers',
  ])('no spelling of the path goes past the endpoint: %s', async (path) => {
    const { status, text } = await service.ask('GET', path);
    expect([401, 404]).toContain(status);
    expect(text).not.toContain(issuer.issuer);
  });

  it('RADM-07 allows no other origin', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await service.ask(method, '/admin/v1/issuers', { token: viewer, headers });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('probes need no token', async () => {
    for (const path of ['/livez', '/readyz', '/startupz']) expect((await service.ask('GET', path)).status).toBe(200);
  });

  it('writes down who was refused, and no token', async () => {
    const refused = service.audit.filter(({ action }) => action === 'admin_refused');
    expect(refused).toContainEqual(expect.objectContaining({ by: 'watching', status: 403, method: 'POST' }));
    expect(refused).toContainEqual(expect.objectContaining({ status: 401, source: '127.0.0.1' }));
    for (const secret of [viewer, operator, ordersApi.secret]) expect(service.output).not.toContain(secret);
  });
});

describe('guessing admin tokens', () => {
  it('is answered 429, and does not lock out who is an operator, just after a start too', async () => {
    await using issuer = await FakeIssuer.start();
    const service = await AdminService.start([quickIssuer(issuer)], { admin: adminSection });
    const list = (token: string) => service.ask('GET', '/admin/v1/issuers', { token });
    const statuses: number[] = [];
    for (let i = 0; i < 110; i++) statuses.push((await list(`guess-${i}`)).status);
    expect(statuses.slice(0, 95)).toEqual(Array.from({ length: 95 }, () => 401));
    expect(statuses.slice(-5)).toContain(429);
    expect((await list(viewer)).status).toBe(200);
    await service.stop();
  });

  it('locks out a token that is weak, and no other one', async () => {
    await using issuer = await FakeIssuer.start();
    const weak = 'correct-horse-battery-staple';
    const tokens = [...adminSection.tokens, { id: 'weak', secret: weak, role: 'viewer' }];
    const service = await AdminService.start([quickIssuer(issuer)], { admin: { tokens } });
    const list = (token: string) => service.ask('GET', '/admin/v1/issuers', { token });
    expect((await list(weak)).status).toBe(200);
    for (let i = 0; i < 60; i++) expect((await list(`guess-${i}`)).status).toBe(401);
    const refused = await list(weak);
    expect(refused.status).toBe(429);
    // One guess is forgiven in a minute, of which the guesses themselves took a part.
    const retryAfter = Number(refused.headers['retry-after']);
    expect(retryAfter).toBeGreaterThan(30);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect((await list(viewer)).status).toBe(200);
    await service.stop();
  });
});

describe('without admin tokens', () => {
  let issuer: FakeIssuer;
  let service: AdminService;

  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    service = await AdminService.start([quickIssuer(issuer)]);
  });

  afterAll(async () => {
    await service.stop();
    await issuer.stop();
  });

  it('this machine may read', async () => {
    const { status, body } = await service.ask('GET', '/admin/v1/issuers/corp');
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 'corp' });
  });

  it.each(routes.filter(([, , , forViewer]) => forViewer === 403))(
    'nobody may change anything: %s %s',
    async (method, path, body) => {
      const answer = await service.ask(method, path, body === undefined ? {} : { body });
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ code: 'tokens_not_configured' });
    },
  );

  it.each(['evil.example', 'evil.example:8081', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.1', 'a b'])(
    'RADM-07 the name %j is not ours',
    async (host) => {
      const { status, text } = await service.ask('GET', '/admin/v1/issuers', { headers: { host } });
      expect(status).toBe(421);
      expect(text).not.toContain(issuer.issuer);
    },
  );

  it.each(['localhost', 'localhost:8081', '127.0.0.1', '[::1]:8081'])('RADM-07 the name %s is', async (host) => {
    expect((await service.ask('GET', '/admin/v1/issuers', { headers: { host } })).status).toBe(200);
  });

  it.each([{ 'x-forwarded-for': '127.0.0.1' }, { forwarded: 'for=127.0.0.1' }])(
    'a proxy on this machine makes nobody local: %o',
    async (headers) => {
      const { status, body } = await service.ask('GET', '/admin/v1/issuers', { headers });
      expect(status).toBe(403);
      expect(body).toMatchObject({ code: 'not_local' });
    },
  );
});
