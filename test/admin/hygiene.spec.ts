import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callerSection, ordersApi } from '../e2e/support/configuration.js';
import { eventually } from '../fakes/eventually.js';
import { RedisServer } from '../redis/redis-server.js';
import {
  adminSection,
  type AdminAnswer,
  AdminService,
  FakeIssuer,
  quickIssuer,
  viewer,
} from './support/admin-world.js';

const day = 24 * 3_600_000;
const minute = 60_000;
const subject = 'subject-canary-7Hq2';
const jti = 'jti-canary-Vw93';

type Found = Readonly<Record<string, unknown>>;

/** Two replicas that share a Redis: a key that signs nothing, an issuer and a caller that nobody needs, and a secret that ends. */
class HygieneWorld {
  replicas: AdminService[] = [];
  /** How far their wall clocks are ahead. */
  private aheadMs = 0;

  private constructor(
    readonly issuer: FakeIssuer,
    readonly spare: FakeIssuer,
    readonly redis: RedisServer,
  ) {}

  static async start(): Promise<HygieneWorld> {
    const [issuer, spare, redis] = [await FakeIssuer.start(), await FakeIssuer.start(), await RedisServer.start()];
    await issuer.addKey();
    const world = new HygieneWorld(issuer, spare, redis);
    await world.startReplicas();
    return world;
  }

  async startReplicas(): Promise<void> {
    this.replicas = await Promise.all([this.replica(), this.replica()]);
    // A fetch has its time before much of it passes.
    await eventually(async () => {
      const answers = await Promise.all(
        this.replicas.map((each) => each.ask('GET', '/admin/v1/issuers', { token: viewer })),
      );
      return answers.every(({ body }) => (body['issuers'] as Found[]).every(({ state }) => state === 'FRESH'));
    });
    for (const { clock } of this.replicas) clock.stepWall(this.aheadMs);
    await this.pass(minute);
  }

  /** Lets so much time pass, with what is due meanwhile. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 5_000) {
      this.aheadMs += 5_000;
      for (const { clock } of this.replicas) clock.forward(5_000);
      // Redis answers over a socket, for which time stands still.
      await Promise.all(this.replicas.map((_each, i) => this.report(i)));
    }
  }

  /** Lets months pass, of which only the calendar takes notice. */
  async calendar(days: number): Promise<void> {
    this.aheadMs += days * day;
    for (const { clock } of this.replicas) clock.stepWall(days * day);
    await this.pass(minute);
  }

  async sign(seconds = 300): Promise<string> {
    const iat = Math.floor(this.replicas[0]!.clock.wallMs() / 1_000);
    return this.issuer.sign({ sub: subject, jti, iat, exp: iat + seconds });
  }

  async report(replica = 0, query = ''): Promise<AdminAnswer> {
    return this.replicas[replica]!.ask('GET', `/admin/v1/hygiene${query}`, { token: viewer });
  }

  async kinds(replica = 0): Promise<readonly string[]> {
    const { body } = await this.report(replica);
    return (body['findings'] as Found[]).map(({ kind, issuer, caller }) =>
      [kind, issuer, caller].filter(Boolean).join(' '),
    );
  }

  async stopReplicas(): Promise<void> {
    await Promise.all(this.replicas.map((each) => each.stop()));
    this.replicas = [];
  }

  async stop(): Promise<void> {
    await this.stopReplicas();
    await Promise.all([this.issuer.stop(), this.spare.stop(), this.redis.stop()]);
  }

  private replica(): Promise<AdminService> {
    const issuers = [quickIssuer(this.issuer, { maxLifetime: '366d' }), { ...quickIssuer(this.spare), id: 'spare' }];
    const { id, secret } = ordersApi;
    const ends = new Date(Date.now() + 45 * day).toISOString();
    return AdminService.start(issuers, {
      admin: adminSection,
      callers: [
        { ...callerSection(id, secret), issuers: ['corp', 'spare'] },
        { ...callerSection('batch', secret), secrets: [{ value: `${secret}-2`, expires: ends }] },
      ],
      redis: { url: this.redis.url, recordKeys: [{ id: 'k1', secret: 'a-record-key-for-tests-0123456789' }] },
    });
  }
}

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
    ]);
    const { text } = await world.report();
    const stored = await everythingIn(world.redis);
    for (const canary of [subject, jti, 'someone']) expect(text + stored).not.toContain(canary);
  }, 120_000);

  it('says of what it has not watched long enough for how long, and no more', async () => {
    await world.calendar(3);
    const { body } = await world.report(0, '?kind=right_unused');
    expect(body).toMatchObject({
      findings: [],
      findingCount: 0,
      undecidedCount: 2,
      watch: { issuers: 2, callers: 2, isShared: true },
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
    expect(names).toHaveLength(4);
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

describe('GET /admin/v1/callers', () => {
  it('is the same at every replica: who asks, what was refused why, and what was too much', async () => {
    const world = await HygieneWorld.start();
    const [first, second] = world.replicas;
    await first!.isActive(await world.sign());
    await second!.isActive(await world.sign(-60));
    await second!.isActive('no-token-at-all');
    await world.pass(minute);
    for (const service of world.replicas) {
      const { body } = await service.ask('GET', '/admin/v1/callers', { token: viewer });
      expect(body).toMatchObject({
        minutes: 15,
        isComplete: true,
        callers: [
          { caller: 'batch', active: 0, refused: {}, limited: 0 },
          {
            caller: ordersApi.id,
            active: 1,
            refused: { expired: 1, malformed: 1 },
            lastUse: expect.any(String) as string,
          },
        ],
      });
    }
    const page = await first!.ask('GET', '/admin/v1/callers?limit=1', { token: viewer });
    expect(page.body).toMatchObject({ callers: [{ caller: 'batch' }], next: 'batch' });
    expect(await first!.ask('GET', '/admin/v1/callers')).toMatchObject({ status: 401 });
    await world.stop();
  }, 60_000);
});

async function everythingIn(redis: RedisServer): Promise<string> {
  const hand = redis.client();
  const names = await hand.keys('assay:{*:hygiene}:*');
  const values = await Promise.all(names.map((name) => hand.get(name)));
  hand.disconnect();
  return [...names, ...values].join('\n');
}
