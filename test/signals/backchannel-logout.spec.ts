import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adminSection, AdminService, FakeIssuer, operator, quickIssuer, viewer } from '../admin/support/admin-world.js';
import { callerSection, ordersApi } from '../e2e/support/configuration.js';
import { client, logOut, logoutEvent, logoutSignal, logoutToken, send } from './support/logout-world.js';

const corp = (issuer: FakeIssuer) => ({ ...quickIssuer(issuer), audiences: 'any' });

describe('OpenID Connect Back-Channel Logout 1.0', () => {
  let issuer: FakeIssuer;
  let service: AdminService;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    service = await AdminService.start([corp(issuer)], { admin: adminSection, signals: [logoutSignal] });
  });

  afterEach(async () => {
    await service.stop();
    await issuer.stop();
  });

  const now = (): number => Math.floor(service.clock.wallMs() / 1_000);
  const revocations = async (): Promise<readonly Record<string, unknown>[]> => {
    const { body } = await service.ask('GET', '/admin/v1/issuers/corp/revocations', { token: viewer });
    return body['revocations'] as readonly Record<string, unknown>[];
  };
  const refusedFor = (): string | undefined => {
    const line = service.lines.findLast(({ msg }) => typeof msg === 'string' && msg.startsWith('signal refused'));
    return line?.['rejection'] as string | undefined;
  };

  it('BCL-01 a good logout token is answered 200, empty, and is not cached', async () => {
    const { status, text, headers } = await send(service, { logout_token: await logoutToken(issuer) });
    expect([status, text, headers.get('cache-control')]).toEqual([200, '', 'no-store']);
  });

  it('BCL-01 one that is not good is answered 400 with an error that is the same for every reason', async () => {
    const answers = [];
    for (const token of [
      'no token',
      await logoutToken(issuer, { aud: 'somebody-else' }),
      await logoutToken(issuer, { exp: now() - 60 }),
      `${(await logoutToken(issuer)).slice(0, -8)}AAAAAAAA`,
    ]) {
      const { status, text } = await send(service, { logout_token: token });
      answers.push({ status, text });
    }
    const error = { error: 'invalid_request', error_description: 'the logout token is not valid' };
    for (const each of answers) expect(each).toEqual({ status: 400, text: JSON.stringify(error) });
    expect(await revocations()).toEqual([]);
  });

  it('BCL-01 what is no logout request is refused before anything is verified', async () => {
    const at = `${service.publicUrl}/signals/corp-logout/logout`;
    const token = await logoutToken(issuer);
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const statuses = [
      (await send(service, {})).status,
      (await fetch(at)).status,
      (await fetch(at, json)).status,
      (await fetch(`${at}?logout_token=${token}`, { method: 'POST' })).status,
      (await send(service, { logout_token: token }, 'another')).status,
    ];
    expect(statuses).toEqual([400, 405, 415, 400, 404]);
    expect(await revocations()).toEqual([]);
  });

  it.each([
    ['without iss', { iss: undefined }, 'issuer_missing'],
    ['of another issuer', { iss: 'https://shop.example' }, 'issuer_unknown'],
    ['without aud', { aud: undefined }, 'audience_mismatch'],
    ['without iat', { iat: undefined }, 'claim_missing'],
    ['without exp', { exp: undefined }, 'claim_missing'],
    ['without jti', { jti: undefined }, 'claim_missing'],
    ['with an empty jti', { jti: '' }, 'claim_malformed'],
    ['without events', { events: undefined }, 'token_kind'],
    ['with events that are a list', { events: [logoutEvent] }, 'claim_malformed'],
    ['with an event that is no object', { events: { [logoutEvent]: true } }, 'claim_malformed'],
    ['with another event', { events: { 'https://schemas.openid.net/event/other': {} } }, 'claim_malformed'],
    ['without sid and sub', { sid: undefined, sub: undefined }, 'claim_missing'],
    ['with a sid that is a number', { sid: 1 }, 'claim_malformed'],
    ['with a nonce', { nonce: 'n' }, 'token_kind'],
    ['that is good for a week', { exp: Math.floor(Date.now() / 1_000) + 7 * 86_400 }, 'lifetime_exceeded'],
    ['from the future', { iat: Math.floor(Date.now() / 1_000) + 3_600 }, 'issued_in_future'],
  ])('BCL-02 a logout token %s is refused', async (_what, claims, rejection) => {
    expect(await logOut(service, await logoutToken(issuer, claims))).toBe(400);
    expect(refusedFor()).toBe(rejection);
    expect(await revocations()).toEqual([]);
  });

  it('BCL-02 typ is logout+jwt; JWT, or none, only where the registration says that the provider is old', async () => {
    const [modern, plain, none] = [
      await logoutToken(issuer),
      await logoutToken(issuer, {}, { typ: 'JWT' }),
      await logoutToken(issuer, {}, { typ: undefined }),
    ];
    const access = await logoutToken(issuer, {}, { typ: 'at+jwt' });
    const statuses = async () => {
      const all = [];
      for (const each of [modern, plain, none, access]) all.push(await logOut(service, each));
      return all;
    };
    expect(await statuses()).toEqual([200, 400, 400, 400]);
    await service.write([corp(issuer)], { admin: adminSection, signals: [{ ...logoutSignal, legacyTyp: true }] });
    await service.reload();
    expect(await statuses()).toEqual([200, 200, 200, 400]);
  });

  it('BCL-03 only a key of the issuer signs it, by an algorithm of its registration, for the client that we are', async () => {
    const stranger = await FakeIssuer.start();
    const other = await FakeIssuer.start({ alg: 'RS256' });
    const good = await logoutToken(issuer);
    const [, payload = ''] = good.split('.');
    const none = `${Buffer.from('{"alg":"none","typ":"logout+jwt"}').toString('base64url')}.${payload}.AAAA`;
    const forged = await logoutToken(issuer, {}, { kid: issuer.key.kid }, stranger.key);
    const foreign = await logoutToken(issuer, {}, {}, other.key);
    const reasons = [];
    for (const token of [none, forged, foreign, await logoutToken(issuer, { aud: 'https://api.example' })]) {
      expect(await logOut(service, token)).toBe(400);
      reasons.push(refusedFor());
    }
    expect(reasons).toEqual([
      'algorithm_unsupported',
      'signature_invalid',
      'algorithm_not_allowed',
      'audience_mismatch',
    ]);
    expect(await logOut(service, await logoutToken(issuer, { aud: ['another', client] }))).toBe(200);
    await Promise.all([stranger.stop(), other.stop()]);
  });

  it('BCL-03 a new key of the issuer is fetched for it, and 503 asks to send it again where that cannot be known', async () => {
    await issuer.addKey();
    expect(await logOut(service, await logoutToken(issuer))).toBe(200);

    const cold = await FakeIssuer.start();
    cold.behave('/jwks', (_request, response) => response.writeHead(500).end());
    await service.write([corp(cold)], { admin: adminSection, signals: [logoutSignal] });
    await service.reload();
    const { status, headers } = await send(service, { logout_token: await logoutToken(cold) });
    expect([status, Number(headers.get('retry-after')) > 0]).toEqual([503, true]);
    await cold.stop();
  });

  it('BCL-03 what could not pass anyway costs no fetch', async () => {
    expect(await service.isActive(await issuer.sign())).toBe(true);
    const before = issuer.requests.length;
    const stranger = await FakeIssuer.start();
    await stranger.addKey();
    for (const claims of [{ aud: 'x' }, { nonce: 'n' }, { exp: now() - 600 }]) {
      const token = await logoutToken(issuer, claims, { kid: 'unknown' }, stranger.key);
      expect(await logOut(service, token)).toBe(400);
    }
    expect(issuer.requests.length).toBe(before);
    await stranger.stop();
  });

  it('BCL-04 with sid the session ends and nothing else of the subject, whenever a token was issued', async () => {
    const ofSession = await issuer.sign({ sid: 'session-1', sub: 'anna', jti: 'one' });
    const later = await issuer.sign({ sid: 'session-1', sub: 'anna', jti: 'two', iat: now() + 20 });
    const other = await issuer.sign({ sid: 'session-2', sub: 'anna', jti: 'three' });
    expect(await logOut(service, await logoutToken(issuer))).toBe(200);
    expect([await service.isActive(ofSession), await service.isActive(later)]).toEqual([false, false]);
    expect(await service.isActive(other)).toBe(true);
    expect(await revocations()).toEqual([expect.objectContaining({ kind: 'session' })]);
  });

  it('BCL-04 with sub alone the subject is cut off at iat: what was issued a second later is active', async () => {
    const t = now() - 10;
    expect(await logOut(service, await logoutToken(issuer, { sid: undefined, iat: t }))).toBe(200);
    const verdicts = [];
    for (const iat of [t - 1, t, t + 1]) {
      verdicts.push(await service.isActive(await issuer.sign({ sub: 'anna', iat, jti: String(iat) })));
    }
    expect(verdicts).toEqual([false, false, true]);
    expect(await service.isActive(await issuer.sign({ sub: 'berta', iat: t - 1 }))).toBe(true);
    expect(await revocations()).toEqual([
      expect.objectContaining({
        kind: 'subject',
        before: new Date(t * 1_000).toISOString(),
        by: 'signal:corp-logout',
        reason: 'back-channel logout',
      }),
    ]);
  });

  it('BCL-04 an iat that is ahead of our clock is capped: no token is ended that nobody has issued yet', async () => {
    const ahead = now() + 25;
    expect(await logOut(service, await logoutToken(issuer, { sid: undefined, iat: ahead }))).toBe(200);
    const [{ before } = {}] = await revocations();
    expect(Date.parse(before as string) / 1_000).toBeLessThanOrEqual(now());
    expect(await service.isActive(await issuer.sign({ sub: 'anna', iat: now() + 2 }))).toBe(true);
  });

  it('BCL-04 another issuer with the same session and the same subject is not touched', async () => {
    const shop = await FakeIssuer.start();
    const issuers = [corp(issuer), { ...corp(shop), id: 'shop' }];
    const callers = [callerSection(ordersApi.id, ordersApi.secret)];
    await service.write(issuers, { admin: adminSection, signals: [logoutSignal], callers });
    await service.reload();
    const token = await shop.sign({ sid: 'session-1', sub: 'anna' });
    expect(await service.isActive(token)).toBe(true);
    expect(await logOut(service, await logoutToken(issuer))).toBe(200);
    expect(await logOut(service, await logoutToken(shop))).toBe(400);
    expect(await service.isActive(token)).toBe(true);
    await shop.stop();
  });

  it('BCL-05 the same jti again is 200 and makes no new entry, also after the first was taken back', async () => {
    const token = await logoutToken(issuer, { jti: 'once' });
    expect([await logOut(service, token), await logOut(service, token)]).toEqual([200, 200]);
    const [{ id } = {}] = await revocations();
    const path = `/admin/v1/issuers/corp/revocations/${String(id)}`;
    expect((await service.ask('DELETE', path, { token: operator })).status).toBe(204);
    expect(await logOut(service, token)).toBe(200);
    expect(await revocations()).toEqual([]);
    expect(await logOut(service, await logoutToken(issuer, { jti: 'twice' }))).toBe(200);
    expect(await revocations()).toHaveLength(1);
  });

  it('BCL-05 a forged token with a guessed jti does not use it up', async () => {
    const stranger = await FakeIssuer.start();
    const forged = await logoutToken(issuer, { jti: 'guessed' }, { kid: issuer.key.kid }, stranger.key);
    expect(await logOut(service, forged)).toBe(400);
    expect(await logOut(service, await logoutToken(issuer, { jti: 'guessed' }))).toBe(200);
    expect(await revocations()).toHaveLength(1);
    await stranger.stop();
  });

  it('BCL-05 a logout token is no access token', async () => {
    expect(await service.introspect(await logoutToken(issuer))).toEqual({ active: false });
  });

  it('BCL-06 tokens of an offline session die as well: keeping refresh tokens is for the provider to decide', async () => {
    const offline = await issuer.sign({ sid: 'session-1', sub: 'anna', scope: 'openid offline_access' });
    expect(await service.isActive(offline)).toBe(true);
    expect(await logOut(service, await logoutToken(issuer))).toBe(200);
    expect(await service.isActive(offline)).toBe(false);
  });
});
