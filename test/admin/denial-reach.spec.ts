import { calculateJwkThumbprint } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TwoRegions } from '../revocation/support/two-regions.js';
import { FakeIssuer, operator, quickIssuer, viewer, type AdminService } from './support/admin-world.js';
import { TwoReplicas } from './support/two-replicas.js';

describe('what is known of the reach of a denial', () => {
  let world: TwoReplicas;
  let first: AdminService;
  let second: AdminService;

  beforeEach(async () => {
    world = await TwoReplicas.start();
    ({ first, second } = world);
  });

  afterEach(() => world.stop());

  const denialAt = async (service: AdminService) =>
    ((await world.corp(service))['deniedKeys'] as Record<string, unknown>[])[0]!;
  const fleetAt = async (service: AdminService) => (await world.corp(service))['fleet'] as Record<string, unknown>;
  const bothSeen = () => world.inTheEnd(async () => (await world.replicas(first)).length === 2);

  it('a denial names who has confirmed it, and becomes complete by itself', async () => {
    await bothSeen();
    const { status, body } = await world.deny();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      effectiveWithinSeconds: 7,
      isComplete: false,
      confirmedBy: [expect.any(String)],
      notConfirmedBy: [{ state: 'waiting' }],
    });
    await world.inTheEnd(async () => (await denialAt(first))['isComplete'] === true);
    expect((await denialAt(first))['confirmedBy']).toHaveLength(2);
    await world.inTheEnd(async () => first.audit.some(({ action }) => action === 'denial_complete'));
    const about = first.auditedFields.filter(({ action }) => String(action).startsWith('denial_'));
    expect(about.at(-1)).toMatchObject({ action: 'denial_complete', confirmed: 2, replicas: 2 });
  });

  it('a replica that went without a word is named as lost, can be dropped, and no bound is promised for it', async () => {
    await bothSeen();
    const client = world.redis.client();
    const [seen] = await client.keys('assay:{*:replicas}:seen');
    const [states] = await client.keys('assay:{*:replicas}:states');
    const time = Number((await client.time())[0]) * 1000;
    await client.zadd(seen!, time - 60_000, 'killed');
    await client.hset(states!, 'killed', '{}');
    const { status, body } = await world.deny();
    expect(status).toBe(202);
    expect(body).not.toHaveProperty('effectiveWithinSeconds');
    expect(body['notConfirmedBy']).toContainEqual(expect.objectContaining({ replica: 'killed', state: 'lost' }));
    expect(await fleetAt(first)).toMatchObject({
      isComplete: false,
      lost: [{ replica: 'killed' }],
      forgetAfterSeconds: 3600,
    });
    await world.inTheEnd(async () => first.audit.some(({ action }) => action === 'denial_reach'));
    expect(first.audit.find(({ action }) => action === 'denial_reach')!['missing']).toContain('killed');
    const drop = (token: string, name = 'killed') => first.ask('DELETE', `/admin/v1/fleet/replicas/${name}`, { token });
    expect((await drop(viewer)).status).toBe(403);
    const live = String((await fleetAt(first))['replica']);
    expect((await drop(operator, live)).status).toBe(409);
    expect((await drop(operator)).status).toBe(204);
    expect((await drop(operator)).status).toBe(404);
    await world.inTheEnd(
      async () => (await denialAt(first))['isComplete'] === true && (await fleetAt(first))['isComplete'] === true,
    );
    expect(first.auditedFields).toContainEqual({
      action: 'admin_drop_replica',
      by: 'acting',
      about: 'killed',
      result: 'done',
    });
    await client.zadd(seen!, time - 3_700_000, 'killed');
    await world.inTheEnd(async () =>
      [first, second].some(({ auditedFields }) => auditedFields.some(({ action }) => action === 'replica_forgotten')),
    );
    client.disconnect();
  });
});

describe('a region whose read replica is cut off from the primary', () => {
  let issuer: FakeIssuer;
  let world: TwoRegions;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    world = new TwoRegions([quickIssuer(issuer)]);
    world.kept(issuer);
  });

  afterEach(() => world.stop());

  it('is live and does not confirm a denial; both become true by themselves when it is back', async () => {
    const { near, far, control, join } = await world.connected();
    const token = await issuer.sign();
    const thumbprint = await calculateJwkThumbprint(issuer.key.publicJwk);
    const show = async () => (await near.ask('GET', '/admin/v1/issuers/corp', { token: viewer })).body;
    const denial = async () => ((await show())['deniedKeys'] as Record<string, unknown>[])[0]!;
    await world.inTheEnd(async () => ((await show())['replicas'] as unknown[]).length === 2);
    expect(await far.isActive(token)).toBe(true);
    await control.call('REPLICAOF', 'NO', 'ONE');
    const path = `/admin/v1/issuers/corp/keys/${thumbprint}/deny`;
    const { body } = await near.ask('POST', path, { token: operator, body: { reason: 'stolen' } });
    expect(body).toMatchObject({ isComplete: false, notConfirmedBy: [{ region: 'far', state: 'waiting' }] });
    await world.inTheEnd(async () => JSON.stringify((await denial())['notConfirmedBy']).includes('"late"'));
    expect(await far.isActive(token)).toBe(true);
    expect(await denial()).toMatchObject({ isComplete: false, notConfirmedBy: [{ region: 'far', state: 'late' }] });
    expect(near.audit.some(({ action }) => action === 'denial_complete')).toBe(false);
    await join();
    await world.inTheEnd(async () => (await denial())['isComplete'] === true);
    expect(await far.isActive(token)).toBe(false);
  }, 60_000);
});
