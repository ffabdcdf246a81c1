import { afterEach, beforeEach, expect, it } from 'vitest';
import { adminSection, AdminService, FakeIssuer, quickIssuer } from '../admin/support/admin-world.js';
import { client, logOut, logoutSignal, logoutToken } from './support/logout-world.js';

let issuer: FakeIssuer;
let service: AdminService;

beforeEach(async () => {
  issuer = await FakeIssuer.start();
});

afterEach(async () => {
  await service.stop();
  await issuer.stop();
});

const start = async (ends?: 'session' | 'subject'): Promise<void> => {
  const signal = { ...logoutSignal, backchannelLogout: { audience: client, ...(ends && { ends }) } };
  const corp = { ...quickIssuer(issuer), audiences: 'any' };
  service = await AdminService.start([corp], { admin: adminSection, signals: [signal] });
};

/** Whether tokens pass that say of no session: of the subject, up to the logout and a second after it, and of another one. */
async function verdictsAfterLogout(): Promise<readonly boolean[]> {
  const t = Math.floor(service.clock.wallMs() / 1_000) - 10;
  expect(await logOut(service, await logoutToken(issuer, { iat: t, sid: 'session-1', sub: 'anna' }))).toBe(200);
  const made = [
    { sub: 'anna', iat: t },
    { sub: 'anna', iat: t + 1 },
    { sub: 'berta', iat: t },
  ];
  const tokens = await Promise.all(made.map((claims, n) => issuer.sign({ ...claims, jti: `token ${n}` })));
  return Promise.all(tokens.map((token) => service.isActive(token)));
}

it.each([
  [undefined, 'session', [true, true, true]],
  ['session', 'session', [true, true, true]],
  ['subject', 'subject', [false, true, true]],
] as const)('BCL-04 with ends: %s a logout that names both ends the %s', async (ends, _what, verdicts) => {
  await start(ends);
  expect(await verdictsAfterLogout()).toEqual(verdicts);
});

it('BCL-04 with ends: subject a logout that names a session alone ends the session', async () => {
  await start('subject');
  expect(await logOut(service, await logoutToken(issuer, { sub: undefined, sid: 'session-2' }))).toBe(200);
  const tokens = [
    await issuer.sign({ sid: 'session-2', jti: 'one' }),
    await issuer.sign({ sid: 'session-1', jti: 'two' }),
  ];
  expect(await Promise.all(tokens.map((token) => service.isActive(token)))).toEqual([false, true]);
});
