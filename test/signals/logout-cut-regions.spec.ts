import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeIssuer, quickIssuer, type AdminService } from '../admin/support/admin-world.js';
import { fleetOf, isCurrent, TwoRegions } from '../revocation/support/two-regions.js';
import { logoutSignal, logoutToken, logOut } from './support/logout-world.js';

describe('a user logs out while the regions cannot reach each other', { timeout: 90_000 }, () => {
  let issuer: FakeIssuer;
  let world: TwoRegions;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    world = new TwoRegions([{ ...quickIssuer(issuer), audiences: 'any' }], { signals: [logoutSignal] });
    world.kept(issuer);
  });

  afterEach(() => world.stop());

  const tokenOf = (sid: string): Promise<string> => issuer.sign({ sid });
  const endOf = (sid: string): Promise<string> => logoutToken(issuer, { sid });
  const verdicts = (services: readonly AdminService[], token: string): Promise<boolean[]> =>
    Promise.all(services.map((service) => service.isActive(token)));

  it('REV-14 the region that cannot know it says so while it is cut off, and refuses when it is back, also at who starts then', async () => {
    const { near, far, link, join, primary, reader } = await world.connected();
    const [early, meanwhile, other] = [await tokenOf('early'), await tokenOf('meanwhile'), await tokenOf('other')];
    await world.inTheEnd(async () => (await far.isActive(meanwhile)) && (await isCurrent(far)));
    expect(await logOut(near, await endOf('early'))).toBe(200);
    await world.inTheEnd(async () => !(await far.isActive(early)));

    link.mode = 'stall';
    const told = await endOf('meanwhile');
    expect(await logOut(near, told)).toBe(200);
    await world.inTheEnd(async () => !(await isCurrent(far)) && (await fleetOf(near))['behind'] !== undefined);
    expect((await fleetOf(near))['behind']).toMatchObject([{ region: 'far' }]);
    expect([await isCurrent(near), ...(await verdicts([near, far], meanwhile))]).toEqual([true, false, true]);
    expect(await verdicts([near, far], early)).toEqual([false, false]);

    await join();
    await world.inTheEnd(async () => (await isCurrent(far)) && !(await far.isActive(meanwhile)));
    const late = await world.start({ url: primary.url, readUrl: reader.url, region: 'far' });
    await world.inTheEnd(async () => (await late.ask('GET', '/readyz')).status === 200);
    for (const token of [early, meanwhile])
      expect(await verdicts([near, far, late], token)).toEqual([false, false, false]);
    expect(await verdicts([near, far, late], other)).toEqual([true, true, true]);
    // A second copy of the logout, at the region that was cut off: it came before.
    expect(await logOut(far, told)).toBe(200);
  });

  it('REV-14 a logout that reaches a region which cannot write holds there, is not acknowledged, and reaches the other when it can', async () => {
    const { near, far, writing } = await world.connected();
    const token = await tokenOf('one');
    await world.inTheEnd(async () => (await near.isActive(token)) && (await isCurrent(far)));

    writing.mode = 'cut';
    await world.inTheEnd(async () => !(await isCurrent(far)));
    const told = await endOf('one');
    expect(await logOut(far, told)).toBe(503);
    expect(await verdicts([far, near], token)).toEqual([false, true]);

    writing.mode = 'pass';
    await world.inTheEnd(async () => (await isCurrent(far)) && !(await near.isActive(token)));
    await world.inTheEnd(async () => (await logOut(near, told)) === 200);
    expect(await verdicts([far, near], token)).toEqual([false, false]);
  });
});
