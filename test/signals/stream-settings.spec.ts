import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adminSection, AdminService, FakeIssuer, quickIssuer } from '../admin/support/admin-world.js';
import type { Section } from '../e2e/support/configuration.js';
import { byName, bySession, CAEP, push, pushed, RISC, securityEvent, type ToldEvent } from './support/event-world.js';

const corp = (issuer: FakeIssuer) => ({ ...quickIssuer(issuer), audiences: 'any' });

describe('security events, as a stream is set up', () => {
  let issuer: FakeIssuer;
  let service: AdminService;
  let user = '';
  let users = 0;

  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    service = await AdminService.start([corp(issuer)], { admin: adminSection, signals: [pushed] });
  });
  afterAll(async () => {
    await service.stop();
    await issuer.stop();
  });
  beforeEach(() => {
    user = `user ${++users}`;
  });

  const now = (): number => Math.floor(service.clock.wallMs() / 1_000);
  const tell = async (told: ToldEvent = {}): Promise<number> =>
    (await push(service, await securityEvent(issuer, { subject: byName(issuer, user), ...told }))).status;
  const isActive = async (claims: Record<string, unknown> = {}): Promise<boolean> =>
    service.isActive(await issuer.sign({ sub: user, iat: now() - 60, ...claims }));
  /** A stream that is set up otherwise, until the end of the test. */
  const configure = async (more: Section): Promise<void> => {
    await service.write([corp(issuer)], { admin: adminSection, signals: [{ ...pushed, ...more }] });
    await service.reload();
  };

  afterEach(() => configure({}));

  it('SSF-04 an opaque subject is a session, and an address is the claim that says one', async () => {
    await configure({ opaqueIs: 'sid', emailClaim: 'email' });
    expect(await tell({ subject: bySession(`${user} here`) })).toBe(202);
    expect(await isActive({ sid: `${user} here` })).toBe(false);
    const email = `Anna.${users}@Corp.example`;
    expect(await isActive({ email })).toBe(true);
    expect(await tell({ subject: { format: 'email', email: email.toLowerCase() } })).toBe(202);
    expect(await isActive({ email })).toBe(false);
    expect(await isActive({ email, iat: now() + 2 })).toBe(true);
    expect(await isActive({ email: `x${email}` })).toBe(true);
  });

  it('SSF-06 SSF-07 changed claims and credentials end tokens where that is said', async () => {
    await configure({ events: { claimsChange: 'revoke', credentialChange: 'revoke' } });
    const credential = (change_type: string) => ({ change_type, credential_type: 'password' });
    expect(await tell({ type: `${CAEP}credential-change`, about: credential('create') })).toBe(202);
    expect(await isActive()).toBe(true);
    expect(await tell({ type: `${CAEP}credential-change`, about: credential('update') })).toBe(202);
    expect(await isActive()).toBe(false);
    user = `${user} too`;
    expect(await tell({ type: `${CAEP}token-claims-change`, about: { claims: { role: 'x' } } })).toBe(202);
    expect(await isActive()).toBe(false);
  });

  it('SSF-03 what is about a part of a user is discarded, or is the user, as it is said', async () => {
    const subject = { format: 'complex', user: byName(issuer, user), device: bySession('laptop') };
    await configure({ narrowEvents: 'discard' });
    expect([await tell({ subject }), await isActive()]).toEqual([202, true]);
    await configure({ narrowEvents: 'widen' });
    expect(await tell({ subject, type: `${RISC}account-disabled` })).toBe(202);
    expect(await isActive()).toBe(false);
  });

  it('SSF-15 more than a minute may end is not acknowledged, and comes again in the next minute', async () => {
    await configure({ perMinute: 2 });
    const tokens = [];
    for (const n of [1, 2, 3]) tokens.push(await securityEvent(issuer, { subject: byName(issuer, `${user} ${n}`) }));
    // Not across the end of a minute.
    service.clock.forward(60_000 - (service.clock.wallMs() % 60_000));
    const answers = [];
    for (const token of tokens) answers.push(await push(service, token));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 503]);
    expect(Number(answers[2]!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await isActive({ sub: `${user} 3`, iat: now() - 600 })).toBe(true);
    service.clock.forward(60_000);
    expect((await push(service, tokens[2]!)).status).toBe(202);
    expect(await isActive({ sub: `${user} 3`, iat: now() - 600 })).toBe(false);
  });
});
