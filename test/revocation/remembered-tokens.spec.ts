import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compileClaimNames, usualNames } from '../../src/claims/claim-names.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import { KnownRevocations } from '../../src/revocation/tokens/known-revocations.js';
import { idOf } from '../../src/revocation/tokens/revocation.js';
import { issuerOf, Remembering } from '../verification/support/remembering.js';

const by = { by: 'ops', reason: 'stolen' };

describe('a remembered token that was found not to be revoked', () => {
  let world: Remembering;
  let token: string;

  const now = (): number => Math.floor(world.clock.wallMs() / 1_000);
  const corp = (): Issuer => world.issuers.byId('corp')!;

  beforeEach(async () => {
    world = new Remembering();
    await world.revoke('token', 'another');
    token = await world.remembered(world.good.with({ jti: 'one', sid: 's1', sub: 'anna', client_id: 'shop' }).build());
    expect(await world.verdict(token)).toBe('active');
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('costs no search while nothing more is revoked of its issuer', async () => {
    await world.revoke('session', 'another');
    expect(await world.verdict(token)).toBe('active');
    const searches = vi.spyOn(KnownRevocations.prototype, 'isRevoked');
    for (let n = 0; n < 10; n++) expect(await world.verdict(token)).toBe('active');
    await world.revoke('token', 'one', { issuer: { ...corp(), id: 'shop' }, scope: { issuer: 'shop' } });
    expect(await world.verdict(token)).toBe('active');
    expect(searches).not.toHaveBeenCalled();
    await world.revoke('token', 'one more');
    expect(await world.verdict(token)).toBe('active');
    expect(searches).toHaveBeenCalled();
  });

  it.each([
    ['token', 'one'],
    ['session', 's1'],
    ['subject', 'anna'],
    ['client', 'shop'],
    ['issuer', ''],
  ] as const)(
    'is refused at once when its %s is revoked, active when that is taken back, and so on',
    async (kind, value) => {
      for (let n = 0; n < 2; n++) {
        const { decision } = await world.revoke(kind, value);
        expect(await world.verdict(token)).toBe(`revoked_${kind}`);
        await world.revocations.allow(corp(), idOf(decision), by);
        expect(await world.verdict(token)).toBe('active');
      }
    },
  );

  it('passes when the decision about it ends, and is refused again where the clock is put back', async () => {
    await world.revoke('session', 's1', { untilSeconds: now() + 10 });
    expect(await world.verdict(token)).toBe('revoked_session');
    world.clock.stepWall(10_000);
    expect(await world.verdict(token)).toBe('active');
    world.clock.stepWall(-10_000);
    expect(await world.verdict(token)).toBe('revoked_session');
  });

  it('is refused when what ended comes into force again', async () => {
    await world.revoke('session', 's1', { untilSeconds: now() + 10 });
    world.clock.stepWall(10_000);
    expect(await world.verdict(token)).toBe('active');
    await world.revoke('session', 's1');
    expect(await world.verdict(token)).toBe('revoked_session');
  });

  it('is found by its new name when the registration reads it elsewhere', async () => {
    await world.revoke('session', 'shop');
    expect(await world.verdict(token)).toBe('active');
    world.register({ ...corp(), names: compileClaimNames({ ...usualNames, sessionClaim: 'client_id' }) });
    expect(await world.verdict(token)).toBe('revoked_session');
    world.register(issuerOf([world.key]));
    expect(await world.verdict(token)).toBe('active');
  });
});
