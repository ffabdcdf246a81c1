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

  it('operators see what was received, when, and why not more of it', async () => {
    const view = async () => {
      const { status, body } = await service.ask('GET', '/admin/v1/signals', { token: viewer });
      expect(status).toBe(200);
      return (body['signals'] as readonly Record<string, unknown>[])[0]!;
    };
    const none = {
      accepted: 0,
      repeated: 0,
      ignored: 0,
      discarded: 0,
      held: 0,
      unshared: 0,
      limited: 0,
      full: 0,
      unknown: 0,
      refused: 0,
    };
    expect(await view()).toEqual({
      id: 'corp-logout',
      issuer: 'corp',
      endpoints: ['/signals/corp-logout/logout'],
      perMinute: 2,
      received: none,
      refusedBecause: {},
    });
    const token = await logoutToken(issuer);
    for (const each of [token, token, await logoutToken(issuer, { nonce: 'n' }), 'no token'])
      await logOut(service, each);
    const seen = await view();
    expect(seen['received']).toEqual({ ...none, accepted: 1, repeated: 1, refused: 2 });
    expect(seen['refusedBecause']).toEqual({ token_kind: 1, malformed: 1 });
    expect(Date.parse(seen['lastReceivedAt'] as string)).toBeGreaterThanOrEqual(
      Date.parse(seen['lastAcceptedAt'] as string),
    );
    expect((await service.ask('GET', '/admin/v1/signals')).status).toBe(401);

    const { text } = await service.ask('GET', '/metrics');
    expect(text).toMatch(/assay_signals_total\{[^}]*stream="corp-logout"[^}]*outcome="accepted"[^}]*\} 1\n/);
    expect(text).toMatch(/assay_signals_refused_total\{[^}]*reason="token_kind"[^}]*\} 1\n/);
    expect(text).toMatch(/assay_signal_last_accepted_timestamp_seconds\{stream="corp-logout"[^}]*\} \d/);
  });
});
