import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adminSection, AdminService, FakeIssuer, operator, quickIssuer, viewer } from '../admin/support/admin-world.js';
import type { Section } from '../e2e/support/configuration.js';
import { byName, bySession, CAEP, push, pushed, RISC, securityEvent, type ToldEvent } from './support/event-world.js';

const corp = (issuer: FakeIssuer) => ({ ...quickIssuer(issuer), audiences: 'any' });

describe('security events that are pushed (Shared Signals 1.0, RFC 8935)', () => {
  let issuer: FakeIssuer;
  let stranger: FakeIssuer;
  let service: AdminService;
  let user = '';
  let users = 0;

  beforeAll(async () => {
    [issuer, stranger] = [await FakeIssuer.start(), await FakeIssuer.start()];
    service = await AdminService.start([corp(issuer)], { admin: adminSection, signals: [pushed] });
  });
  afterAll(async () => {
    await service.stop();
    await Promise.all([issuer.stop(), stranger.stop()]);
  });
  beforeEach(() => {
    user = `user ${++users}`;
  });

  const now = (): number => Math.floor(service.clock.wallMs() / 1_000);
  const tell = async (told: ToldEvent = {}): Promise<number> =>
    (await push(service, await securityEvent(issuer, { subject: byName(issuer, user), ...told }))).status;
  const isActive = async (claims: Record<string, unknown> = {}): Promise<boolean> =>
    service.isActive(await issuer.sign({ sub: user, iat: now() - 60, ...claims }));
  const errorOf = async (token: string): Promise<unknown> => {
    const { status, text } = await push(service, token);
    return { status, ...(JSON.parse(text) as object) };
  };

  it('SSF-01 a token that says what it must is taken', async () => {
    expect(await isActive()).toBe(true);
    const { status, text } = await push(service, await securityEvent(issuer, { subject: byName(issuer, user) }));
    expect([status, text]).toEqual([202, '']);
    expect(await isActive()).toBe(false);
  });

  it.each<[string, ToldEvent, string]>([
    ['of another type', { header: { typ: 'JWT' } }, 'invalid_request'],
    ['that is a logout token', { header: { typ: 'logout+jwt' } }, 'invalid_request'],
    ['with sub', { claims: { sub: 'anna' } }, 'invalid_request'],
    ['with exp', { claims: { exp: 4_000_000_000 } }, 'invalid_request'],
    ['without jti', { claims: { jti: undefined } }, 'invalid_request'],
    ['without iat', { claims: { iat: undefined } }, 'invalid_request'],
    ['of another issuer', { claims: { iss: 'https://shop.example' } }, 'invalid_issuer'],
    ['for another receiver', { claims: { aud: 'https://other.example' } }, 'invalid_audience'],
    ['of two events', { claims: { events: { [`${CAEP}session-revoked`]: {}, 'urn:x': {} } } }, 'invalid_request'],
    ['without a subject', { claims: { sub_id: undefined } }, 'invalid_request'],
  ])('SSF-01 one %s is refused in the words of RFC 8935, and nothing is stored', async (_, told, err) => {
    const token = await securityEvent(issuer, { subject: byName(issuer, user), ...told });
    expect(await errorOf(token)).toEqual({ status: 400, err, description: expect.any(String) as string });
    expect(await isActive()).toBe(true);
  });

  it('SSF-01 one that another key has signed is refused, and none is nothing at all', async () => {
    const forged = await securityEvent(issuer, { key: stranger.key, header: { kid: issuer.key.kid } });
    expect(await errorOf(forged)).toMatchObject({ status: 400, err: 'invalid_key' });
    expect(await errorOf('no token')).toMatchObject({ status: 400, err: 'invalid_request' });
    const [, payload = ''] = forged.split('.');
    const none = `${Buffer.from('{"alg":"none","typ":"secevent+jwt"}').toString('base64url')}.${payload}.AAAA`;
    expect(await errorOf(none)).toMatchObject({ status: 400, err: 'invalid_key' });
  });

  it('SSF-03 the session of a complex subject ends, and not the user', async () => {
    const subject = { format: 'complex', user: byName(issuer, user), session: bySession(`${user} here`) };
    expect(await tell({ subject })).toBe(202);
    expect(await isActive({ sid: `${user} here` })).toBe(false);
    expect(await isActive({ sid: `${user} there` })).toBe(true);
  });

  it('SSF-03 one device of a user is the user for an ended session, and nobody for anything else', async () => {
    const subject = { format: 'complex', user: byName(issuer, user), device: bySession('laptop') };
    expect(await tell({ subject, type: `${RISC}account-disabled` })).toBe(202);
    expect(await isActive()).toBe(true);
    expect(await tell({ subject })).toBe(202);
    expect(await isActive()).toBe(false);
  });

  it('SSF-04 a transmitter ends nothing of another issuer, and nothing that it does not name clearly', async () => {
    for (const subject of [
      { format: 'iss_sub', iss: stranger.issuer, sub: user },
      { format: 'complex', user: { format: 'iss_sub', iss: stranger.issuer, sub: user }, session: bySession('s') },
      { format: 'email', email: user },
      { format: 'opaque', id: user },
      { format: 'aliases', identifiers: [byName(issuer, user)] },
    ]) {
      expect(await tell({ subject })).toBe(202);
    }
    expect(await isActive({ email: user, sid: user })).toBe(true);
  });

  it('SSF-04 jwt_id ends one token', async () => {
    expect(await tell({ subject: { format: 'jwt_id', iss: issuer.issuer, jti: `${user} 1` } })).toBe(202);
    expect(await isActive({ jti: `${user} 1` })).toBe(false);
    expect(await isActive({ jti: `${user} 2` })).toBe(true);
  });

  it('SSF-05 tokens up to the time of the event end, and those of a second later do not', async () => {
    const t = now() - 30;
    expect(await tell({ about: { event_timestamp: t } })).toBe(202);
    const verdicts = [];
    for (const iat of [t - 1, t, t + 1]) verdicts.push(await isActive({ iat }));
    expect(verdicts).toEqual([false, false, true]);
  });

  it.each([
    ['in seconds', (seconds: number) => seconds + 10_000],
    ['in milliseconds', (seconds: number) => seconds * 1_000],
  ])('SSF-05 an event that is to come (%s) ends no token that is not issued yet', async (_, later) => {
    expect(await tell({ about: { event_timestamp: later(now()) } })).toBe(202);
    expect(await isActive({ iat: now() - 1 })).toBe(false);
    expect(await isActive({ iat: now() + 3 })).toBe(true);
  });

  it.each(['account-disabled', 'account-purged', 'sessions-revoked', 'account-credential-change-required'])(
    'SSF-08 %s ends the tokens of the account',
    async (type) => {
      expect(await tell({ type: `${RISC}${type}` })).toBe(202);
      expect(await isActive()).toBe(false);
      expect(await tell({ type: `${RISC}account-enabled` })).toBe(202);
      expect(await isActive()).toBe(false);
    },
  );

  it.each([
    ['SSF-06', `${CAEP}token-claims-change`, { claims: { role: 'none' } }],
    ['SSF-07', `${CAEP}credential-change`, { change_type: 'revoke', credential_type: 'password' }],
    ['SSF-08', `${RISC}identifier-changed`, {}],
    ['SSF-08', `${RISC}opt-out-effective`, {}],
    ['SSF-08', 'https://schemas.example/an-event-of-tomorrow', {}],
  ])('%s %s is acknowledged and does nothing', async (_, type, about) => {
    expect(await tell({ type, about })).toBe(202);
    expect(await isActive()).toBe(true);
  });

  it('SSF-06 claims are never changed in answers', async () => {
    expect(await tell({ type: `${CAEP}token-claims-change`, about: { claims: { role: 'admin' } } })).toBe(202);
    const answer = await service.introspect(await issuer.sign({ sub: user, role: 'reader' }));
    expect(answer).toMatchObject({ active: true, role: 'reader' });
  });

  it('SSF-11 who does not show the secret is 401 before anything is read', async () => {
    const token = await securityEvent(issuer, { subject: byName(issuer, user) });
    for (const secret of [undefined, 'wrong', `${String((pushed['push'] as Section)['secret'])}x`]) {
      for (const body of [token, 'rubbish', '']) {
        const { status, text, headers } = await push(service, body, { secret, type: 'text/plain' });
        expect([status, (JSON.parse(text) as Section)['err']]).toEqual([401, 'authentication_failed']);
        expect(headers.get('www-authenticate')).toBe('Bearer');
      }
    }
    expect(await isActive()).toBe(true);
  });

  it('SSF-11 an error says its language, and nothing whether a user exists', async () => {
    const { headers } = await push(service, 'rubbish');
    expect([headers.get('content-language'), headers.get('cache-control')]).toEqual(['en', 'no-store']);
    await isActive();
    const answers = [];
    for (const sub of [user, 'nobody has this name']) {
      answers.push(await push(service, await securityEvent(issuer, { subject: byName(issuer, sub) })));
    }
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [202, ''],
      [202, ''],
    ]);
  });

  it('SSF-11 another type of content, another stream, and another method are refused', async () => {
    const token = await securityEvent(issuer);
    expect((await push(service, token, { type: 'application/jwt' })).status).toBe(400);
    expect((await push(service, token, { id: 'another' })).status).toBe(404);
    expect((await fetch(`${service.publicUrl}/signals/corp-ssf/events`)).status).toBe(405);
  });

  it('SSF-17 the same token again is acknowledged, and makes no new decision once that was taken back', async () => {
    const token = await securityEvent(issuer, { subject: byName(issuer, user) });
    expect([(await push(service, token)).status, (await push(service, token)).status]).toEqual([202, 202]);
    const { body } = await service.ask('GET', '/admin/v1/issuers/corp/revocations?limit=100', { token: viewer });
    for (const { id } of body['revocations'] as readonly { id: string }[]) {
      await service.ask('DELETE', `/admin/v1/issuers/corp/revocations/${id}`, { token: operator });
    }
    expect(await isActive()).toBe(true);
    expect((await push(service, token)).status).toBe(202);
    expect(await isActive()).toBe(true);
  });

  it('SSF-17 a forged token with a guessed jti does not use it up', async () => {
    const claims = { jti: `guessed ${user}` };
    const subject = byName(issuer, user);
    const forged = { key: stranger.key, header: { kid: issuer.key.kid } };
    expect((await push(service, await securityEvent(issuer, { claims, subject, ...forged }))).status).toBe(400);
    expect(await tell({ claims })).toBe(202);
    expect(await isActive()).toBe(false);
  });

  it('SSF-17 events that come in another order than they happened leave the latest one in force', async () => {
    const t = now() - 20;
    for (const event_timestamp of [t, t - 15, t - 5]) await tell({ about: { event_timestamp } });
    expect([await isActive({ iat: t }), await isActive({ iat: t + 1 })]).toEqual([false, true]);
  });

  it('tells operators what was discarded and why, and nothing of whom', async () => {
    await tell({ subject: { format: 'phone_number', phone_number: '+49 30 1234' } });
    const { text } = await service.ask('GET', '/metrics');
    expect(text).toContain('assay_signal_discarded_total{stream="corp-ssf",reason="format_not_understood"}');
    expect(service.output).not.toContain('1234');
    expect(service.output).not.toContain(user);
  });
});
