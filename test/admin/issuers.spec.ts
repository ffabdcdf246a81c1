import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aKey } from '../builders/a-key.js';
import { selfSigned } from '../vectors/world-keys.js';
import { eventually } from '../fakes/eventually.js';
import { adminSection, AdminService, FakeIssuer, operator, quickIssuer, viewer } from './support/admin-world.js';

/** After so much time the issuer may be asked again, in milliseconds: `minSpacing`, and a moment. */
const SPACING_MS = 1_100;

const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('issuers', () => {
  let issuer: FakeIssuer;
  let service: AdminService;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    service = await AdminService.start([quickIssuer(issuer)], { admin: adminSection });
    await eventually(async () => (await show())['state'] === 'FRESH');
  });

  afterEach(async () => {
    await service.stop();
    await issuer.stop();
  });

  const show = async (id = 'corp') => (await service.ask('GET', `/admin/v1/issuers/${id}`, { token: viewer })).body;
  const refresh = (id = 'corp') => service.ask('POST', `/admin/v1/issuers/${id}/refresh`, { token: operator });

  it('show how their keys stand', async () => {
    const view = await show();
    expect(view).toMatchObject({
      id: 'corp',
      issuer: issuer.issuer,
      criticality: 'normal',
      state: 'FRESH',
      ageSeconds: expect.any(Number),
      digest: expect.stringMatching(/^[\w-]{11}$/),
      fence: expect.any(Number),
      lastAttempt: expect.stringMatching(iso),
      lastSuccess: expect.stringMatching(iso),
      nextRefresh: expect.stringMatching(iso),
      waiting: 0,
      deniedKeys: [],
    });
    expect(view['lastError']).toBeUndefined();
    expect(view['keys']).toEqual([
      {
        thumbprint: expect.stringMatching(/^[\w-]{43}$/),
        kids: [issuer.key.kid],
        standing: 'active',
        firstSeen: expect.stringMatching(iso),
        lastSeen: expect.stringMatching(iso),
        isDenied: false,
      },
    ]);
  });

  it('show which published keys are not used, and why, and which certificate is of another key', async () => {
    const good = issuer.key.publicJwk;
    const certificate = (await selfSigned(aKey('RS256'))).toString('base64');
    issuer.publishDocument({ keys: [{ ...good, kid: 'enc', use: 'enc' }, null, { ...good, x5c: [certificate] }] });
    service.clock.forward(SPACING_MS);
    expect((await refresh()).status).toBe(200);

    const account = {
      dropped: [
        { reason: 'use_not_sig', count: 1, kids: ['enc'] },
        { reason: 'not_an_object', count: 1, kids: [] },
      ],
      doubted: [{ reason: 'certificate_mismatch', count: 1, kids: [good.kid] }],
    };
    expect(await show()).toMatchObject(account);
    expect(service.output).toContain('certificate (x5c) of a published key belongs to another key');
    const token = await issuer.sign();
    const { body } = await service.ask('POST', '/admin/v1/explain', {
      token: operator,
      body: { token, caller: 'orders-api' },
    });
    const steps = body['steps'] as readonly { readonly step: string }[];
    expect(steps.find(({ step }) => step === 'keys')).toMatchObject({ keySet: account });
  });

  it('show every replica, which is one where nothing is shared', async () => {
    const view = await show();
    const { state, digest, fence } = view;
    expect(view['replicas']).toMatchObject([{ state, digest, fence, seen: expect.stringMatching(iso) }]);
    expect(view['fleet']).toMatchObject({ isComplete: true, replicas: [expect.any(String)] });
  });

  it('are listed with the same', async () => {
    const { body } = await service.ask('GET', '/admin/v1/issuers', { token: viewer });
    expect(body['issuers']).toMatchObject([{ id: 'corp', state: 'FRESH' }]);
  });

  it('tell attempts, successes and errors apart', async () => {
    const before = await show();
    issuer.behaveForKeys((_, response) => response.writeHead(500).end());
    service.clock.forward(SPACING_MS);
    expect((await refresh()).body).toEqual({ issuer: 'corp', outcome: 'failed', category: 'status_5xx' });
    const after = await show();
    expect(after).toMatchObject({ state: 'FRESH', lastSuccess: before['lastSuccess'], digest: before['digest'] });
    expect(after['lastError']).toEqual({
      category: 'status_5xx',
      at: expect.stringMatching(iso),
      host: new URL(issuer.jwksUri).host,
      stage: 'status',
    });
    const logged = service.lines.findLast(({ msg }) => msg === 'JWKS refresh failed');
    expect(logged).toMatchObject({ host: new URL(issuer.jwksUri).host, stage: 'status' });
    expect(String(after['lastAttempt']) > String(before['lastAttempt'])).toBe(true);
    // The issuer is in backoff now, and an operator does not change that.
    const again = await refresh();
    expect(again.status).toBe(429);
    expect(again.body).toMatchObject({
      code: 'look_refused',
      detail: 'fetches have failed, and the next one waits',
    });
  });

  it('are fetched once for each refresh, although they are fresh, and a new key is there', async () => {
    service.clock.forward(SPACING_MS);
    const added = await issuer.addKey();
    const before = issuer.keySetRequests;
    const { status, body } = await refresh();
    expect([status, body]).toEqual([200, { issuer: 'corp', outcome: 'looked' }]);
    expect(issuer.keySetRequests).toBe(before + 1);
    expect(((await show())['keys'] as { kids: string[] }[]).flatMap(({ kids }) => kids)).toContain(added.kid);
  });

  it('are not fetched again within their spacing', async () => {
    service.clock.forward(SPACING_MS);
    const before = issuer.keySetRequests;
    expect((await refresh()).status).toBe(200);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh()));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 429));
    expect(answers[0]!.headers['retry-after']).toBe('1');
    expect(answers[0]!.body).toMatchObject({ code: 'look_refused', detail: 'the keys were fetched a moment ago' });
    expect(issuer.keySetRequests).toBe(before + 1);
  });

  it('share one fetch that many ask for at once', async () => {
    service.clock.forward(SPACING_MS);
    const before = issuer.keySetRequests;
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh()));
    expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true);
    expect(issuer.keySetRequests).toBe(before + 1);
  });

  it('whose keys are in the configuration cannot be fetched', async () => {
    const section = { ...quickIssuer(issuer), keys: { jwks: { keys: [issuer.key.publicJwk] } } };
    const other = await AdminService.start([section], { admin: adminSection });
    const { status, body } = await other.ask('POST', '/admin/v1/issuers/corp/refresh', { token: operator });
    expect([status, body['code']]).toEqual([409, 'keys_not_fetched']);
    expect((await other.ask('GET', '/admin/v1/issuers/corp', { token: viewer })).body).toMatchObject({
      state: 'FRESH',
      ageSeconds: 0,
    });
    await other.stop();
  });

  it('RADM-06 write down what becomes of them and of their keys', async () => {
    const withIssuer = (more: object) => ({ ...quickIssuer(issuer), ...more });
    await service.write(
      [withIssuer({ maxLifetime: '1h' }), withIssuer({ id: 'second', issuer: 'https://second.example' })],
      {
        admin: adminSection,
      },
    );
    await service.reload();
    await service.write([withIssuer({ maxLifetime: '1h' })], { admin: { tokens: [adminSection.tokens[0]] } });
    await service.reload();
    // Nobody answers for the second one: whether that is noticed before it goes is a matter of moments.
    const records = service.auditedFields.filter(({ action }) => action !== 'issuer_failing');
    const { digest, keys } = await show();
    const [key] = keys as { thumbprint: string; firstSeen: string; lastSeen: string }[];
    const { thumbprint, firstSeen } = key!;
    const told = String(records.find(({ action }) => action === 'key_added')?.['firstSeen']);
    // Both are made from two clocks that are read at different moments.
    expect(Math.abs(Date.parse(told) - Date.parse(firstSeen))).toBeLessThan(1_000);
    const loaded = { action: 'configuration_loaded', digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string };
    expect(records).toEqual([
      loaded,
      { action: 'key_added', issuer: 'corp', thumbprint, firstSeen: told, lastSeen: told, digestAfter: digest },
      loaded,
      { action: 'issuer_added', issuer: 'second' },
      { action: 'issuer_changed', issuer: 'corp' },
      loaded,
      { action: 'issuer_removed', issuer: 'second' },
      { action: 'configuration_changed', change: 'changed', part: 'admin' },
    ]);
  });

  it('write down who asked for a fetch, and how it ended', async () => {
    service.clock.forward(SPACING_MS);
    await refresh();
    await refresh();
    await refresh('nobody');
    const asked = service.audit.filter(({ action }) => action === 'admin_refresh');
    expect(asked).toMatchObject([
      { by: 'acting', issuer: 'corp', result: 'done' },
      { by: 'acting', issuer: 'corp', result: 'look_refused' },
      { by: 'acting', issuer: 'nobody', result: 'issuer_unknown' },
    ]);
  });

  it('admin tokens change without a restart, and with them everything else about access', async () => {
    const status = async (token?: string) =>
      (await service.ask('GET', '/admin/v1/issuers', token === undefined ? {} : { token })).status;
    const fresh = 'fresh-token-Hs6Wd2Yn8LtRc4EvUa9M';
    await service.write([quickIssuer(issuer)], { admin: { tokens: [{ id: 'new', secret: fresh, role: 'viewer' }] } });
    await service.reload();
    expect([await status(viewer), await status(operator), await status(fresh)]).toEqual([401, 401, 200]);
    await service.write([quickIssuer(issuer)]);
    await service.reload();
    expect([await status(), await status(fresh)]).toEqual([200, 200]);
    expect((await refresh()).status).toBe(403);
  });
});
