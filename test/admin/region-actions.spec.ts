import { afterEach, describe, expect, it } from 'vitest';
import { operator, viewer } from './support/admin-world.js';
import { IndependentRegions } from './support/independent-regions.js';

describe('an action in all regions', { timeout: 60_000 }, () => {
  let world: IndependentRegions;

  afterEach(() => world.stop());

  const deny = (token = operator) =>
    world.eu.ask('POST', `/admin/v1/fleet/issuers/corp/keys/${world.thumbprint}/deny`, {
      token,
      body: { reason: 'stolen, INC-4711' },
    });

  const revoke = (body: object) =>
    world.eu.ask('POST', '/admin/v1/fleet/issuers/corp/revocations', { token: operator, body });

  it('a key that is denied, and allowed, with one call is so in both, and the answer says how far', async () => {
    world = await IndependentRegions.start();
    const token = await world.issuer.sign();
    const { status, body } = await deny();
    expect(status).toBe(200);
    expect(body).toMatchObject({ issuer: 'corp', isDoneEverywhere: true, isRepeated: false });
    const reach = { outcome: 'done', effectiveWithinSeconds: 7, isShared: true, confirmed: 1, notConfirmed: 0 };
    expect(body['regions']).toEqual([
      { name: 'eu', isOwn: true, ...reach },
      { name: 'us', ...reach },
    ]);
    expect([await world.eu.isActive(token), await world.us.isActive(token)]).toEqual([false, false]);
    expect(world.us.auditedFields).toContainEqual(
      expect.objectContaining({ action: 'admin_deny', by: 'acting', result: 'done' }),
    );
    const asked = { action: 'admin_in_region', by: 'acting', what: 'deny', issuer: 'corp', peer: 'us', result: 'done' };
    expect(world.eu.auditedFields).toContainEqual(expect.objectContaining(asked));
    const path = `/admin/v1/fleet/issuers/corp/keys/${world.thumbprint}/deny`;
    const back = await world.eu.ask('DELETE', path, { token: operator });
    expect([back.status, back.body['isDoneEverywhere']]).toEqual([200, true]);
    expect([await world.eu.isActive(token), await world.us.isActive(token)]).toEqual([true, true]);
  });

  it('a user that is revoked with one call is so in both, and is named in neither log', async () => {
    world = await IndependentRegions.start();
    const token = await world.issuer.sign({ sub: 'anna-4e7b1c' });
    const { status, body } = await revoke({ kind: 'subject', value: 'anna-4e7b1c', reason: 'left' });
    expect([status, body['isDoneEverywhere']]).toEqual([201, true]);
    expect([await world.eu.isActive(token), await world.us.isActive(token)]).toEqual([false, false]);
    expect(`${world.eu.output}${world.us.output}`).not.toContain('anna-4e7b1c');
  });

  it('names a region that was not reached, promises nothing, and repeats nothing by itself', async () => {
    world = await IndependentRegions.start();
    const token = await world.issuer.sign();
    await world.link.stop();
    const { status, body } = await deny();
    expect(status).toBe(202);
    expect(body).toMatchObject({ isDoneEverywhere: false, isRepeated: false });
    expect(body['detail']).toContain('Nothing is repeated');
    expect(body['regions']).toMatchObject([
      { name: 'eu', outcome: 'done' },
      { name: 'us', outcome: 'no_answer', category: 'connect' },
    ]);
    expect([await world.eu.isActive(token), await world.us.isActive(token)]).toEqual([false, true]);
    await world.mend();
    await world.inTheEnd(async () => (await world.seen())['state'] === 'reachable');
    expect(await world.us.isActive(token)).toBe(true);
    expect((await world.fleet()).findings).toMatchObject([{ kind: 'denied_keys_differ' }]);
    expect((await deny()).status).toBe(200);
    expect(await world.us.isActive(token)).toBe(false);
  });

  it('with the token of a viewer the other region refuses, and the answer says so', async () => {
    world = await IndependentRegions.start('viewer');
    const { status, body } = await deny();
    expect(status).toBe(202);
    expect(body['regions']).toMatchObject([
      { outcome: 'done' },
      { name: 'us', outcome: 'refused', code: 'role_insufficient' },
    ]);
  });

  it('what is wrong is refused here, and sent to nobody; and a viewer may not', async () => {
    world = await IndependentRegions.start();
    expect((await deny(viewer)).status).toBe(403);
    expect((await revoke({ kind: 'subject', reason: 'left' })).status).toBe(422);
    const path = `/admin/v1/fleet/issuers/nobody/keys/${world.thumbprint}/deny`;
    expect((await world.eu.ask('POST', path, { token: operator, body: { reason: 'stolen' } })).status).toBe(404);
    expect(world.us.audit.filter(({ action }) => String(action).startsWith('admin_'))).toEqual([]);
  });
});
