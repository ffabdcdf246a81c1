import { calculateJwkThumbprint } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { subjectHash } from '../../src/telemetry/subject-hash.js';
import { adminSection, AdminService, FakeIssuer, operator, quickIssuer } from './support/admin-world.js';

const audience = 'https://assay.example/admin';
const subject = 'anna-canary-7Hq';
const hashKey = 'audit-key-for-tests-5Kq8Zr2Vn7Lw4Tm9';

const tokenOf = (group: string) => ({ issuer: 'corp', audience, rules: [{ claim: 'groups', contains: group }] });
const reading = { id: 'staff', role: 'viewer', token: tokenOf('staff') };
const acting = { id: 'sre', role: 'operator', token: tokenOf('sre') };
const issuedSection = { tokens: [...adminSection.tokens, reading, acting] };
const telemetry = { audit: { hashKey, subHash: true } };

describe('a token of a registered issuer as admin token', () => {
  let issuer: FakeIssuer;
  let stranger: FakeIssuer;
  let service: AdminService;

  const registered = () => [quickIssuer(issuer), quickIssuer(stranger, { id: 'shop' })];

  beforeEach(async () => {
    [issuer, stranger] = await Promise.all([FakeIssuer.start(), FakeIssuer.start()]);
    service = await AdminService.start(registered(), { admin: issuedSection, telemetry });
  });

  afterEach(async () => {
    await service.stop();
    await Promise.all([issuer.stop(), stranger.stop()]);
  });

  const own = () => ({
    'assay-console': '1',
    origin: service.managementUrl,
    host: new URL(service.managementUrl).host,
  });
  const tokenFor = (groups: readonly string[], claims: object = {}) =>
    issuer.sign({ sub: subject, aud: audience, groups, ...claims });
  const list = (token: string) => service.ask('GET', '/admin/v1/issuers', { token });
  const refresh = (parts: { token?: string; headers?: Record<string, string> }) =>
    service.ask('POST', '/admin/v1/issuers/corp/refresh', parts);

  async function signIn(token: string): Promise<string> {
    const { status, headers } = await service.ask('POST', '/console/session', { token, headers: own() });
    expect(status).toBe(201);
    return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  }

  const read = (cookie: string) => service.ask('GET', '/admin/v1/issuers', { headers: { ...own(), cookie } });

  it('makes of its holder what its claims say: a viewer reads, an operator acts, and who is both acts', async () => {
    const viewer = await tokenFor(['staff']);
    expect((await list(viewer)).status).toBe(200);
    expect((await refresh({ token: viewer })).body['code']).toBe('role_insufficient');
    const watching = await signIn(viewer);
    expect((await read(watching)).status).toBe(200);
    expect((await refresh({ headers: { ...own(), cookie: watching } })).body['code']).toBe('role_insufficient');
    service.clock.forward(2_000);
    const both = await tokenFor(['staff', 'sre']);
    expect((await refresh({ token: both })).status).toBe(200);
    service.clock.forward(2_000);
    expect((await refresh({ headers: { ...own(), cookie: await signIn(both) } })).status).toBe(200);
  });

  it('is written down with its issuer, the role and the hash of its subject, and nothing else of it', async () => {
    const token = await tokenFor(['sre']);
    const cookie = await signIn(token);
    await refresh({ headers: { ...own(), cookie } });
    await refresh({ token: await tokenFor(['staff']) });
    const named = service.auditedFields.filter(({ byIssuer }) => byIssuer !== undefined);
    expect(named).toMatchObject([
      { action: 'admin_signed_in', by: 'sre', byIssuer: 'corp', byRole: 'operator' },
      { action: 'admin_refresh', by: 'sre', byIssuer: 'corp', byRole: 'operator' },
      { action: 'admin_refused', by: 'staff', byIssuer: 'corp', byRole: 'viewer', status: 403 },
    ]);
    const hashes = new Set(named.map(({ bySubHash }) => bySubHash));
    expect([...hashes]).toEqual([subjectHash(hashKey, subject)]);
    for (const part of [subject, ...token.split('.').slice(1), cookie.split('=')[1]]) {
      expect(service.output).not.toContain(part);
    }
  });

  it('is refused with the same answer for each reason, and so is signing in with it', async () => {
    const good = await tokenFor(['sre']);
    const [header = '', payload = '', signature = ''] = good.split('.');
    const past = Math.floor(Date.now() / 1_000) - 10;
    const wrong = {
      'no token at all': 'not-a-token-Wq7Zt3Lm9XcVb5NhTy2K',
      'expired, and within the tolerance of the issuer': await tokenFor(['sre'], { exp: past }),
      'for another audience': await tokenFor(['sre'], { aud: 'https://api.example' }),
      'without an audience': await tokenFor(['sre'], { aud: undefined }),
      'of another group': await tokenFor(['dev']),
      'of a group that begins alike': await tokenFor(['sre-guests']),
      'without groups': await issuer.sign({ sub: subject, aud: audience }),
      'bound to a key': await tokenFor(['sre'], { cnf: { jkt: Buffer.alloc(32).toString('base64url') } }),
      'of an issuer whose tokens are none': await stranger.sign({ aud: audience, groups: ['sre'] }),
      'of an issuer that signs in the name of ours': await stranger.sign({
        iss: issuer.issuer,
        aud: audience,
        groups: ['sre'],
      }),
      'with a signature of another one': [header, payload, signature.split('').reverse().join('')].join('.'),
    };
    const refusal = (await list('another-wrong-token-Wq7Zt3Lm9XcVb5Nh')).text;
    for (const [reason, token] of Object.entries(wrong)) {
      const answers = [await list(token), await service.ask('POST', '/console/session', { token, headers: own() })];
      for (const { status, text, headers } of answers) {
        expect([reason, status, text, headers['set-cookie']]).toEqual([reason, 401, refusal, undefined]);
      }
    }
    expect((await list(good)).status).toBe(200);
  });

  it('never keeps a session longer than it lives itself', async () => {
    const soon = Math.floor(Date.now() / 1_000) + 100;
    const cookie = await signIn(await tokenFor(['staff'], { exp: soon }));
    service.clock.forward(95_000);
    expect((await read(cookie)).status).toBe(200);
    service.clock.forward(5_000);
    expect((await read(cookie)).body['code']).toBe('session_over');
  });

  it('ends a session even where the clock of the host is put back', async () => {
    const soon = Math.floor(Date.now() / 1_000) + 100;
    const cookie = await signIn(await tokenFor(['staff'], { exp: soon }));
    service.clock.stepWall(-30_000);
    service.clock.forward(100_000);
    expect((await read(cookie)).body['code']).toBe('session_over');
  });

  it('ends its session with the next request once it is revoked, its key is denied, or its right is taken away', async () => {
    const revoked = await signIn(await tokenFor(['sre'], { jti: 'token-1' }));
    const other = await signIn(await tokenFor(['sre'], { jti: 'token-2' }));
    const undone = await service.ask('POST', '/admin/v1/issuers/corp/revocations', {
      token: operator,
      body: { kind: 'token', value: 'token-1', reason: 'lost' },
    });
    expect(undone.status).toBeLessThan(300);
    expect((await read(revoked)).body['code']).toBe('session_over');
    expect((await read(other)).status).toBe(200);
    const thumbprint = await calculateJwkThumbprint(issuer.key.publicJwk);
    // Who denies the key of the own token is out as well.
    const denied = await service.ask('POST', `/admin/v1/issuers/corp/keys/${thumbprint}/deny`, {
      headers: { ...own(), cookie: other },
      body: { reason: 'stolen' },
    });
    expect(denied.status).toBe(200);
    expect((await read(other)).body['code']).toBe('session_over');
    await issuer.addKey();
    service.clock.forward(2_000);
    const token = await tokenFor(['sre']);
    const third = await signIn(token);
    await service.write(registered(), {
      admin: { tokens: [adminSection.tokens[0], { ...acting, role: 'viewer' }] },
      telemetry,
    });
    await service.reload();
    expect((await read(third)).status).toBe(200);
    expect((await refresh({ headers: { ...own(), cookie: third } })).body['code']).toBe('role_insufficient');
    await service.write(registered(), { admin: adminSection, telemetry });
    await service.reload();
    expect((await read(third)).body['code']).toBe('session_over');
    expect((await list(token)).status).toBe(401);
  });

  it('cannot be guessed faster than another one, and is good meanwhile', async () => {
    const forged = await stranger.sign({ iss: issuer.issuer, aud: audience, groups: ['sre'] });
    const statuses: number[] = [];
    for (let i = 0; i < 110; i++) statuses.push((await list(forged)).status);
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
    expect((await list(await tokenFor(['sre']))).status).toBe(200);
  });

  it('is neither good nor bad while the keys of its issuer cannot be had, and costs no fetch where it could not pass', async () => {
    const [token, plain] = [await tokenFor(['sre']), await tokenFor(['dev'])];
    const cookie = await signIn(token);
    issuer.behave('/moved', (_, response) => void response.writeHead(500).end());
    await service.write([quickIssuer(issuer, { keys: { jwksUri: `${issuer.origin}/moved` } })], {
      admin: issuedSection,
      telemetry,
    });
    await service.reload();
    for (const { status, body, headers } of [await list(token), await read(cookie)]) {
      expect([status, body['code'], Number(headers['retry-after']) > 0]).toEqual([503, 'token_undecided', true]);
    }
    const before = issuer.requests.length;
    expect((await list(plain)).status).toBe(401);
    expect(issuer.requests.length).toBe(before);
    await service.write(registered(), { admin: issuedSection, telemetry });
    await service.reload();
    expect((await read(cookie)).status).toBe(200);
  });
});
