import { callerSection, ordersApi, type Section } from '../../e2e/support/configuration.js';
import { eventually } from '../../fakes/eventually.js';
import { testRecordKey } from '../../redis/a-redis-key-store.js';
import { RedisServer } from '../../redis/redis-server.js';
import {
  adminSection,
  type AdminAnswer,
  AdminService,
  FakeIssuer,
  operator,
  quickIssuer,
  viewer,
} from './admin-world.js';

export const day = 24 * 3_600_000;
export const minute = 60_000;
export const subject = 'subject-canary-7Hq2';
export const jti = 'jti-canary-Vw93';

/** A finding, or an issuer, as the admin API shows it. */
export type Found = Readonly<Record<string, unknown>>;

/** What a test has in the place of what is usual. */
interface HygieneOptions {
  /** Of the issuer that is used. */
  readonly corp?: Section;
  readonly callers?: readonly Section[];
  readonly hygiene?: Section;
}

/** Two replicas that share a Redis: a key that signs nothing, an issuer and a caller that nobody needs, and a secret that ends. */
export class HygieneWorld {
  replicas: AdminService[] = [];
  /** How far their wall clocks are ahead. */
  private aheadMs = 0;

  private constructor(
    readonly issuer: FakeIssuer,
    readonly spare: FakeIssuer,
    readonly redis: RedisServer,
    private readonly options: HygieneOptions,
  ) {}

  static async start(options: HygieneOptions = {}): Promise<HygieneWorld> {
    const [issuer, spare, redis] = [await FakeIssuer.start(), await FakeIssuer.start(), await RedisServer.start()];
    await issuer.addKey();
    const world = new HygieneWorld(issuer, spare, redis, options);
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

  async sign(seconds = 300, claims: object = {}): Promise<string> {
    const iat = Math.floor(this.replicas[0]!.clock.wallMs() / 1_000);
    return this.issuer.sign({ sub: subject, jti, iat, exp: iat + seconds, ...claims });
  }

  async report(replica = 0, query = ''): Promise<AdminAnswer> {
    return this.replicas[replica]!.ask('GET', `/admin/v1/hygiene${query}`, { token: viewer });
  }

  async kinds(replica = 0): Promise<readonly string[]> {
    const { body } = await this.report(replica);
    return (body['findings'] as Found[]).map(({ kind, issuer, caller, admin, ...found }) =>
      [kind, issuer, caller, admin, found['algorithm'], found['audience'], found['claim']].filter(Boolean).join(' '),
    );
  }

  /** An operator denies the key that signs nothing, for ever. @returns its thumbprint */
  async denyUnusedKey(replica: number): Promise<string> {
    const { body } = await this.replicas[replica]!.ask('GET', '/admin/v1/issuers/corp', { token: operator });
    const [header = ''] = (await this.sign()).split('.');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { readonly kid: string };
    const unused = (body['keys'] as Found[]).find(({ kids }) => !(kids as string[]).includes(kid))!;
    const thumbprint = String(unused['thumbprint']);
    const path = `/admin/v1/issuers/corp/keys/${thumbprint}/deny`;
    await this.replicas[replica]!.ask('POST', path, { token: operator, body: { reason: 'found in a log' } });
    return thumbprint;
  }

  /** Everything that Redis keeps of what is watched. */
  async stored(): Promise<string> {
    const hand = this.redis.client();
    const names = await hand.keys('assay:{*:hygiene}:*');
    const values = await Promise.all(names.map((name) => hand.get(name)));
    hand.disconnect();
    return [...names, ...values].join('\n');
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
    const { corp = { maxLifetime: '366d' }, callers = this.usualCallers(), hygiene = {} } = this.options;
    const issuers = [quickIssuer(this.issuer, corp), { ...quickIssuer(this.spare), id: 'spare' }];
    return AdminService.start(issuers, {
      admin: adminSection,
      callers,
      hygiene,
      redis: { url: this.redis.url, recordKeys: [testRecordKey] },
    });
  }

  private usualCallers(): readonly Section[] {
    const { id, secret } = ordersApi;
    const ends = new Date(Date.now() + 45 * day).toISOString();
    return [
      { ...callerSection(id, secret), issuers: ['corp', 'spare'] },
      { ...callerSection('batch', secret), secrets: [{ value: `${secret}-2`, expires: ends }] },
    ];
  }
}
