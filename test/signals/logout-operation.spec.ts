import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adminSection, AdminService, FakeIssuer, quickIssuer, viewer } from '../admin/support/admin-world.js';
import { logOut, logoutSignal, logoutToken } from './support/logout-world.js';

const corp = (issuer: FakeIssuer) => ({ ...quickIssuer(issuer), audiences: 'any' });

describe('the operation of back-channel logout', () => {
  let issuer: FakeIssuer;
  let service: AdminService;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    service = await AdminService.start([corp(issuer)], {
      admin: adminSection,
      signals: [{ ...logoutSignal, perMinute: 2 }],
    });
  });

  afterEach(async () => {
    await service.stop();
    await issuer.stop();
  });

  const now = (): number => Math.floor(service.clock.wallMs() / 1_000);
  const revocations = async (): Promise<readonly unknown[]> => {
    const { body } = await service.ask('GET', '/admin/v1/issuers/corp/revocations', { token: viewer });
    return body['revocations'] as readonly unknown[];
  };

  it('a provider gone mad is stopped at perMinute: 429, nothing is remembered, and the next minute takes it', async () => {
    const tokens = await Promise.all([1, 2, 3].map((n) => logoutToken(issuer, { sid: `s${n}`, exp: now() + 600 })));
    const statuses = [];
    for (const token of tokens) statuses.push(await logOut(service, token));
    expect(statuses).toEqual([200, 200, 429]);
    expect(await revocations()).toHaveLength(2);
    service.clock.forward(60_000);
    expect(await logOut(service, tokens[2]!)).toBe(200);
    expect(await revocations()).toHaveLength(3);
  });

  it('nothing that is written says whose session it was', async () => {
    const claims = { sid: 'sid-of-somebody', sub: 'sub-of-somebody', jti: 'jti-of-somebody' };
    const token = await logoutToken(issuer, claims);
    await logOut(service, token);
    await logOut(service, await logoutToken(issuer, { ...claims, aud: 'aud-of-somebody' }));
    expect(service.audit).toContainEqual(
      expect.objectContaining({ action: 'revoked', kind: 'session', issuer: 'corp', by: 'signal:corp-logout' }),
    );
    expect(service.audit).toContainEqual(
      expect.objectContaining({ action: 'signal_refused', signal: 'corp-logout', reason: 'audience_mismatch' }),
    );
    expect(service.output).not.toContain('of-somebody');
    expect(service.output).not.toContain(token.split('.')[1]);
  });
});
