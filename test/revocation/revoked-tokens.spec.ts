import { beforeEach, describe, expect, it } from 'vitest';
import type { Issuer } from '../../src/issuers/issuer.js';
import { compileClaimNames, usualNames } from '../../src/claims/claim-names.js';
import { RevocationsFull } from '../../src/revocation/tokens/revocations-full.js';
import { idOf } from '../../src/revocation/tokens/revocation.js';
import type { Members } from '../builders/a-token.js';
import { issuerOf, Remembering } from '../verification/support/remembering.js';

const t = 1_000_000;
const by = { by: 'ops', reason: 'stolen' };

describe('tokens that were revoked', () => {
  let world: Remembering;

  beforeEach(() => {
    world = new Remembering();
  });

  const now = (): number => Math.floor(world.clock.wallMs() / 1_000);
  const corp = (): Issuer => world.issuers.byId('corp')!;
  const token = (claims: Members): string => world.good.with(claims).build();

  it('REV-01 a token without an id is refused whatever its signature is written like, and no other', async () => {
    const one = token({ jti: undefined, n: 1 });
    const verdict = await world.verifier.verify(one);
    if (!('jwt' in verdict)) throw new Error(verdict.code);
    await world.revocations.revokeToken(corp(), { compact: one, claims: verdict.jwt.claims }, by);

    const again = `${one.slice(0, one.lastIndexOf('.'))}.${token({ jti: undefined, n: 1 }).split('.')[2]!}`;
    expect(again).not.toBe(one);
    expect(await world.verdict(one)).toBe('revoked_token');
    expect(await world.verdict(again)).toBe('revoked_token');
    expect(await world.verdict(token({ jti: undefined, n: 2 }))).toBe('active');
  });

  it('REV-02 an id is the id of one issuer: two issuers, the same ids', async () => {
    const shop = issuerOf([world.key], { id: 'shop', issuer: 'https://shop.example' });
    world.register(corp(), shop);
    await world.revoke('token', 'one');
    await world.revoke('token', 'two', { issuer: shop, scope: { issuer: 'shop' } });

    const verdicts = [];
    for (const iss of ['https://login.corp.example', 'https://shop.example'])
      for (const jti of ['one', 'two']) verdicts.push(await world.verdict(token({ iss, jti })));
    expect(verdicts).toEqual(['revoked_token', 'active', 'active', 'revoked_token']);
  });

  it('REV-02 the id is read where the registration says', async () => {
    world.register({ ...corp(), names: compileClaimNames({ ...usualNames, tokenIdClaim: 'uti' }) });
    await world.revoke('token', 'one');
    expect(await world.verdict(token({ jti: 'one', uti: 'two' }))).toBe('active');
    expect(await world.verdict(token({ jti: 'two', uti: 'one' }))).toBe('revoked_token');
  });

  it.each([
    ['subject', { subjectClaim: 'oid' }, 'oid', 'sub'],
    ['session', { sessionClaim: 'origin_jti' }, 'origin_jti', 'sid'],
    ['client', { clientIdClaims: ['appid'] }, 'appid', 'client_id'],
  ] as const)('REV-05 so is its %s', async (kind, names, claim, usual) => {
    world.register({ ...corp(), names: compileClaimNames({ ...usualNames, ...names }) });
    await world.revoke(kind, 'one');
    expect(await world.verdict(token({ [claim]: 'two', [usual]: 'one' }))).toBe('active');
    expect(await world.verdict(token({ [claim]: 'one', [usual]: 'two' }))).toBe(`revoked_${kind}`);
  });

  it.each([
    ['the second before', t - 1, 'revoked_subject'],
    ['the very second', t, 'revoked_subject'],
    ['a fraction later', t + 0.5, 'revoked_subject'],
    ['the second after, so that a new login works', t + 1, 'active'],
    ['no time', undefined, 'revoked_subject'],
  ])('REV-03 REV-05 REV-06 a cut-off refuses what was issued up to its second: %s', async (_when, at, expected) => {
    const start = now();
    const iat = at === undefined ? undefined : start + (at - t);
    const claims = { iat, nbf: undefined, sub: 'anna', client_id: 'shop', exp: start + 300 };
    expect(await world.verdict(token(claims))).toBe('active');
    await world.revoke('subject', 'anna');
    expect(await world.verdict(token(claims))).toBe(expected);
    expect(await world.verdict(token({ ...claims, sub: 'berta' }))).toBe('active');
    await world.revoke('client', 'shop');
    expect(await world.verdict(token({ ...claims, sub: 'berta' }))).toBe(expected.replace('subject', 'client'));
    await world.revoke('issuer', '');
    const other = { ...claims, sub: 'berta', client_id: 'till' };
    expect(await world.verdict(token(other))).toBe(expected.replace('subject', 'issuer'));
  });

  it('REV-04 a session ends whenever its tokens were issued, and a token without a session is none of it', async () => {
    await world.revoke('session', 's1');
    expect(await world.verdict(token({ sid: 's1' }))).toBe('revoked_session');
    expect(await world.verdict(token({ sid: 's1', iat: now() + 20 }))).toBe('revoked_session');
    expect(await world.verdict(token({ sid: 's2' }))).toBe('active');
    expect(await world.verdict(token({}))).toBe('active');
  });

  it('REV-12 a token that is remembered is refused like any other', async () => {
    const good = await world.remembered(token({ jti: 'one' }));
    expect(await world.verdict(good)).toBe('active');
    await world.revoke('token', 'one');
    expect(await world.verdict(good)).toBe('revoked_token');
    expect(world.usage.hits).toBeGreaterThan(1);
  });

  it('a subject is the subject of one tenant; a cut-off of a client without a tenant is for all of them', async () => {
    const both = ['one', 'two'].map((tenant) =>
      issuerOf([world.key], {
        id: `corp~${tenant}`,
        issuer: `https://${tenant}.example`,
        tenantOf: { registration: 'corp', tenant },
      }),
    );
    world.register(...both);
    const [one, two] = both.map(({ issuer }) => token({ iss: issuer, sub: 'anna', client_id: 'shop', sid: 's' }));
    const verdicts = async () => [await world.verdict(one!), await world.verdict(two!)];
    await world.revoke('subject', 'anna', { issuer: both[0]!, scope: { issuer: 'corp', tenant: 'one' } });
    expect(await verdicts()).toEqual(['revoked_subject', 'active']);
    await world.revoke('client', 'shop', { issuer: both[0]!, scope: { issuer: 'corp' } });
    expect(await verdicts()).toEqual(['revoked_subject', 'revoked_client']);
  });

  it('REV-11 a decision ends when no token can be left that it is about', async () => {
    const { maxLifetimeSeconds, clockToleranceSeconds } = corp().revocation;
    const { decision } = await world.revoke('session', 's1');
    expect(decision.until - now()).toBe(maxLifetimeSeconds + clockToleranceSeconds + 24 * 3_600);
    const one = token({ jti: 'one' });
    const verdict = await world.verifier.verify(one);
    if (!('jwt' in verdict)) throw new Error(verdict.code);
    const outcome = await world.revocations.revokeToken(corp(), { compact: one, claims: verdict.jwt.claims }, by);
    expect(outcome.decision.until - now()).toBe(300 + clockToleranceSeconds + 24 * 3_600);
    const cutOff = await world.revoke('subject', 'anna', { before: now() - 600 });
    expect(cutOff.decision.until - (now() - 600)).toBe(maxLifetimeSeconds + clockToleranceSeconds + 24 * 3_600);
  });

  it('what is taken back passes again, and may be revoked once more in the same second', async () => {
    const { decision } = await world.revoke('subject', 'anna');
    const anna = token({ sub: 'anna' });
    expect(await world.verdict(anna)).toBe('revoked_subject');
    expect(await world.revocations.allow(corp(), idOf(decision), by)).toBeDefined();
    expect(await world.verdict(anna)).toBe('active');
    expect(await world.revocations.allow(corp(), idOf(decision), by)).toBeUndefined();
    await world.revoke('subject', 'anna');
    expect(await world.verdict(anna)).toBe('revoked_subject');
  });

  it('REV-16 forgets nothing to make room: beyond the quota of its issuer nothing more is revoked', async () => {
    world.register({ ...corp(), revocation: { ...corp().revocation, quota: 2 } });
    await world.revoke('token', 'one');
    await world.revoke('token', 'two');
    await expect(world.revoke('token', 'three')).rejects.toThrow(RevocationsFull);
    await world.revoke('token', 'one');
    const verdicts = [];
    for (const jti of ['one', 'two', 'three']) verdicts.push(await world.verdict(token({ jti })));
    expect(verdicts).toEqual(['revoked_token', 'revoked_token', 'active']);
  });
});
