import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { adminSection, AdminService, operator, quickIssuer, viewer } from './support/admin-world.js';

const path = '/admin/v1/issuers/corp/revocations';

describe('revocations by operators', () => {
  let issuer: FakeIssuer;
  let service: AdminService;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    service = await AdminService.start([{ ...quickIssuer(issuer), revocation: { quota: 20 } }], {
      admin: adminSection,
    });
  });

  afterEach(async () => {
    await service.stop();
    await issuer.stop();
  });

  const revoke = (body: object, token = operator) => service.ask('POST', path, { token, body });
  const list = (query = '', token = viewer) => service.ask('GET', `${path}${query}`, { token });
  const token = (claims: Record<string, unknown>): Promise<string> => issuer.sign(claims);

  it('end a token, a session, a subject, a client and an issuer, from the next request on', async () => {
    const claims = { jti: 'one', sid: 's1', sub: 'anna@corp.example', client_id: 'shop' };
    for (const [kind, value] of [
      ['token', 'one'],
      ['session', 's1'],
      ['subject', 'anna@corp.example'],
      ['client', 'shop'],
      ['issuer', undefined],
    ]) {
      const good = await token(claims);
      expect(await service.isActive(good)).toBe(true);
      const revoked = await revoke({ kind, value, reason: 'stolen' });
      expect([revoked.status, revoked.body['effectiveWithinSeconds']]).toEqual([201, 7]);
      expect(await service.introspect(good)).toEqual({ active: false });
      const body = { token: good, caller: 'orders-api' };
      const explained = await service.ask('POST', '/admin/v1/explain', { token: operator, body });
      expect(explained.body['rejection']).toMatchObject({ code: `revoked_${kind}`, step: 'revocation' });
      const steps = explained.body['steps'] as readonly Record<string, unknown>[];
      expect(steps.find(({ step }) => step === 'revocation')).toMatchObject({
        outcome: 'refused',
        decision: { kind, id: revoked.body['id'] },
      });
      const undone = `${path}/${String(revoked.body['id'])}`;
      expect((await service.ask('DELETE', undone, { token: operator })).status).toBe(204);
      expect((await service.ask('DELETE', undone, { token: operator })).body['code']).toBe('revocation_unknown');
      expect(await service.isActive(good)).toBe(true);
    }
    expect(service.output).not.toContain('anna');
    const actions = service.audit.map(({ action }) => action);
    for (const action of ['revoked', 'revocation_undone', 'admin_revoke', 'admin_unrevoke']) {
      expect(actions.filter((each) => each === action)).toHaveLength(action === 'admin_unrevoke' ? 10 : 5);
    }
  });

  it('are listed page by page, without saying whom they are about', async () => {
    for (let n = 0; n < 5; n++) await revoke({ kind: 'token', value: `secret-${n}`, reason: 'stolen' });
    const before = new Date(service.clock.wallMs() - 3_600_000).toISOString();
    await revoke({ kind: 'subject', value: 'secret-subject', reason: 'left', before });
    const found: unknown[] = [];
    for (let query = '?limit=2'; query !== '';) {
      const { status, body, text } = await list(query);
      expect([status, text.includes('secret')]).toEqual([200, false]);
      const page = body['revocations'] as readonly Record<string, unknown>[];
      expect(page.length).toBeLessThanOrEqual(2);
      found.push(...page);
      query = typeof body['next'] === 'string' ? `?limit=2&cursor=${body['next']}` : '';
    }
    expect(new Set(found.map((each) => (each as { id: string }).id)).size).toBe(6);
    expect(found).toContainEqual(
      expect.objectContaining({
        kind: 'subject',
        before: before.replace(/\.\d+Z/, '.000Z'),
        reason: 'left',
        by: 'acting',
      }),
    );
  });

  it.each([
    ['an unknown kind', { kind: 'user', value: 'anna', reason: 'r' }, 'kind'],
    ['no value', { kind: 'subject', reason: 'r' }, 'value'],
    ['a value that is too long', { kind: 'subject', value: 'a'.repeat(257), reason: 'r' }, 'value'],
    ['a value for an issuer', { kind: 'issuer', value: 'anna', reason: 'r' }, 'value'],
    ['a time to come', { kind: 'issuer', before: '2999-01-01T00:00:00Z', reason: 'r' }, 'before'],
    ['a time that no token is older than', { kind: 'issuer', before: '2020-01-01T00:00:00Z', reason: 'r' }, 'before'],
    ['a time for a session', { kind: 'session', value: 's', before: '2020-01-01T00:00:00Z', reason: 'r' }, 'before'],
    ['no reason', { kind: 'subject', value: 'anna' }, 'reason'],
    ['an end that has passed', { kind: 'subject', value: 'a', reason: 'r', until: '2020-01-01T00:00:00Z' }, 'until'],
    ['a tenant of an issuer that has none', { kind: 'subject', value: 'a', reason: 'r', tenant: 't' }, 'tenant'],
  ])('refuse %s, and name the field', async (_what, body, field) => {
    const refused = await revoke(body);
    expect(refused.status).toBe(422);
    expect(refused.body['errors']).toContainEqual(expect.objectContaining({ field }));
    expect((await list()).body['revocations']).toEqual([]);
  });

  it('are for operators alone; viewers read', async () => {
    expect((await revoke({ kind: 'issuer', reason: 'r' }, viewer)).body['code']).toBe('role_insufficient');
    expect((await service.ask('DELETE', `${path}/token.${'A'.repeat(22)}`, { token: viewer })).status).toBe(403);
    expect((await list()).status).toBe(200);
    expect((await service.ask('GET', path)).status).toBe(401);
    const elsewhere = '/admin/v1/issuers/nobody/revocations';
    expect((await service.ask('GET', elsewhere, { token: viewer })).body['code']).toBe('issuer_unknown');
  });

  it('are 503 revocation_full beyond the quota, and what there is stays', async () => {
    for (let n = 0; n < 20; n++) await revoke({ kind: 'token', value: `t${n}`, reason: 'r' });
    const full = await revoke({ kind: 'token', value: 't20', reason: 'r' });
    expect([full.status, full.body['code'], full.headers['retry-after']]).toEqual([503, 'revocation_full', '60']);
    expect((await list('?limit=999')).body['revocations']).toHaveLength(20);
  });
});
