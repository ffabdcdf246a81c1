import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { type Found, HygieneWorld, jti, minute, subject } from './support/hygiene-world.js';

describe('GET /admin/v1/hygiene', () => {
  let world: HygieneWorld;

  beforeEach(async () => {
    world = await HygieneWorld.start();
  });

  afterEach(() => world.stop());

  it('has each finding within a minute of its being true, at every replica alike, after a restart too, and no subject', async () => {
    const [first, second] = [0, 1];
    expect(await world.replicas[first]!.isActive(await world.sign(365 * 24 * 3_600))).toBe(true);
    await world.pass(minute);
    expect(await world.kinds(first)).toEqual(['long_lived_tokens corp']);
    expect(await world.kinds(second)).toEqual(['long_lived_tokens corp']);

    await world.calendar(20);
    expect(await world.replicas[second]!.isActive(await world.sign())).toBe(true);
    await world.pass(minute);
    expect(await world.kinds(first)).toEqual(['secret_ending batch', 'long_lived_tokens corp']);

    await world.calendar(10);
    const afterAMonth = [
      'secret_ending batch',
      'key_unused corp',
      'issuer_unused spare',
      'caller_unused batch',
      'admin_unused acting',
      'right_unused spare orders-api',
    ];
    expect(await world.kinds(first)).toEqual(afterAMonth);
    expect(await world.kinds(second)).toEqual(afterAMonth);
    const metrics = await fetch(`${world.replicas[second]!.managementUrl}/metrics`).then((answer) => answer.text());
    expect(metrics).toMatch(/assay_hygiene_findings\{[^}]*kind="right_unused"[^}]*\} 1\n/);
    expect(metrics).toMatch(/assay_hygiene_findings\{[^}]*kind="rotation_overdue"[^}]*\} 0\n/);

    await world.stopReplicas();
    await world.startReplicas();
    expect(await world.kinds(first)).toEqual(afterAMonth);

    await world.calendar(60);
    expect(await world.kinds(second)).toEqual([
      'secret_ending batch',
      'rotation_overdue corp',
      'rotation_overdue spare',
      'issuer_unused corp',
      'issuer_unused spare',
      'caller_unused orders-api',
      'caller_unused batch',
      'admin_unused acting',
    ]);
    const { text } = await world.report();
    const stored = await world.stored();
    for (const canary of [subject, jti, 'someone']) expect(text + stored).not.toContain(canary);
  }, 120_000);

  it('says of what it has not watched long enough for how long, and no more', async () => {
    await world.calendar(3);
    const { body } = await world.report(0, '?kind=right_unused');
    expect(body).toMatchObject({
      findings: [],
      findingCount: 0,
      undecidedCount: 2,
      watch: { issuers: 2, callers: 2, admins: 2, isShared: true },
    });
    expect((body['undecided'] as Found[])[1]).toMatchObject({
      kind: 'right_unused',
      says: 'orders-api was granted spare, and was shown no token of it yet: watched for 3 days only, of 30 days',
    });
  });

  it('takes what somebody forges in Redis for nothing: no verdict changes, and the figure is counted anew', async () => {
    await world.replicas[0]!.isActive(await world.sign());
    await world.pass(minute);
    const hand = world.redis.client();
    const names = await hand.keys('assay:{*:hygiene}:*');
    expect(names).toHaveLength(6);
    const [one, other] = names;
    const value = await hand.get(one!);
    await hand.set(other!, value!);
    await hand.set(one!, value!.replace('times', 'sinec'));
    await hand.set(names[2]!, 'x'.repeat(100_000));
    await hand.del(names[3]!);
    await hand.lpush(names[3]!, 'not a text');
    await world.pass(minute);
    const refused = await fetch(`${world.replicas[0]!.managementUrl}/metrics`).then((answer) => answer.text());
    expect(refused).toMatch(/assay_jwks_mac_failure_total\{[^}]*reason="forged"[^}]*\} [1-9]/);
    expect(await world.replicas[1]!.isActive(await world.sign())).toBe(true);
    await eventually(async () => {
      await world.pass(minute);
      const types = await Promise.all(names.map((name) => hand.type(name)));
      return types.every((type) => type === 'string');
    });
    hand.disconnect();
  }, 120_000);

  it('is for viewers, and for nobody without a token; a wrong question names what is right', async () => {
    const [service] = world.replicas;
    expect(await service!.ask('GET', '/admin/v1/hygiene')).toMatchObject({ status: 401 });
    expect(await world.report(0, '?kind=gossip')).toMatchObject({ status: 422, body: { errors: [{ field: 'kind' }] } });
    expect(await world.report(0, '?issuer=spare')).toMatchObject({ status: 200, body: { findingCount: 0 } });
  });
});
