import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audience, callerSection, ordersApi } from '../e2e/support/configuration.js';
import { operator } from './support/admin-world.js';
import { type Found, HygieneWorld, jti, minute, subject } from './support/hygiene-world.js';

const { id, secret } = ordersApi;
const never = 'https://never.example';

/** Of these the first two have one secret, and the last one was granted nothing of what is asked about. */
const callers = [
  { ...callerSection(id, secret), audiences: [audience, never], claims: ['sub', 'email'] },
  { ...callerSection('billing', secret), secrets: [secret, `${secret}-2`] },
  { ...callerSection('reports', secret), secrets: [{ value: secret }], audiences: ['https://reports.example'] },
];

describe('GET /admin/v1/hygiene about rights, secrets and decisions', () => {
  let world: HygieneWorld;

  beforeEach(async () => {
    const corp = { algorithms: ['ES256', 'ES384'], maxLifetime: '1d' };
    world = await HygieneWorld.start({ corp, callers, hygiene: { keyStrength: 192, mostKeys: 1 } });
  });

  afterEach(() => world.stop());

  it('has each within a minute of its being true, at every replica alike and after a restart, and no subject or secret', async () => {
    const [first, second] = [0, 1];
    const atOnce = ['secret_shared', 'key_strength_low', 'key_set_broad'];
    const kindsOf = async (replica: number) => new Set((await world.kinds(replica)).map((each) => each.split(' ')[0]));
    expect([...(await kindsOf(first))]).toEqual(atOnce);
    const shared = (await world.report(first, '?kind=secret_shared&caller=billing')).body['findings'] as Found[];
    expect(shared).toMatchObject([{ others: [id, 'reports'] }]);

    const token = await world.sign(300, { email: `${subject}@example.com` });
    expect(await world.replicas[first]!.introspect(token, 'reports')).toEqual({ active: false });
    await world.pass(minute);
    expect(await world.kinds(second)).toContain('foreign_audience reports');

    const thumbprint = await world.denyUnusedKey(first);
    await world.pass(minute);
    const endless = (await world.report(second, '?kind=decision_endless')).body['findings'] as Found[];
    expect(endless).toMatchObject([{ issuer: 'corp', thumbprint }]);

    await world.calendar(29);
    // Used again: a right, an algorithm and a claim; not used: those beside them.
    const again = await world.sign(300, { email: `${subject}@example.com` });
    expect(await world.replicas[second]!.introspect(again, id)).toMatchObject({ active: true });
    await world.pass(minute);
    await world.calendar(2);
    const afterAMonth = ['algorithm_unused corp ES384', 'lifetime_loose corp', `audience_unused ${id} ${never}`];
    expect(await world.kinds(first)).toEqual(expect.arrayContaining(afterAMonth));
    const unused = async (replica: number) =>
      (await world.kinds(replica)).filter((each) => /^(algorithm|audience|claim)_unused|foreign/.test(each));
    expect(await unused(first)).toEqual(['algorithm_unused corp ES384', `audience_unused ${id} ${never}`]);
    expect(await world.kinds(second)).toEqual(await world.kinds(first));

    expect((await world.report(first, '?issuer=corp')).body['seen']).toEqual([
      {
        issuer: 'corp',
        algorithms: [{ algorithm: 'ES256', lastUse: expect.any(String) }, { algorithm: 'ES384' }],
        longestLifetimeSeconds: 300,
        maxLifetimeSeconds: 86_400,
      },
    ]);

    await world.stopReplicas();
    await world.startReplicas();
    expect(await unused(first)).toEqual(['algorithm_unused corp ES384', `audience_unused ${id} ${never}`]);

    const { text } = await world.report();
    const stored = await world.stored();
    for (const canary of [subject, jti, secret]) expect(text + stored).not.toContain(canary);
  }, 120_000);

  it('names a claim that was granted and that no token has, and an admin token until it is used', async () => {
    await world.calendar(29);
    expect(await world.replicas[0]!.introspect(await world.sign(), id)).toMatchObject({ active: true });
    await world.pass(minute);
    await world.calendar(2);
    expect(await world.kinds(1)).toEqual(expect.arrayContaining([`claim_unused ${id} email`, 'admin_unused acting']));
    expect(await world.kinds(1)).not.toContain(`claim_unused ${id} sub`);
    await world.replicas[0]!.ask('GET', '/admin/v1/issuers', { token: operator });
    await world.pass(minute);
    expect(await world.kinds(1)).not.toContain('admin_unused acting');
  }, 120_000);
});
