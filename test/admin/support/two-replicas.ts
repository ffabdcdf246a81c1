import { calculateJwkThumbprint } from 'jose';
import type { Section } from '../../e2e/support/configuration.js';
import { testRecordKey } from '../../redis/a-redis-key-store.js';
import { RedisServer } from '../../redis/redis-server.js';
import { adminSection, AdminService, FakeIssuer, inTheEnd, operator, quickIssuer, viewer } from './admin-world.js';

/** Two replicas that share a real Redis, and an issuer whose key an operator may deny. */
export class TwoReplicas {
  private constructor(
    readonly issuer: FakeIssuer,
    readonly redis: RedisServer,
    readonly first: AdminService,
    public second: AdminService,
    /** Of the denial of the issuer's key. */
    readonly path: string,
  ) {}

  static async start(): Promise<TwoReplicas> {
    const issuer = await FakeIssuer.start();
    const redis = await RedisServer.start();
    const [first, second] = await Promise.all([startReplica(issuer, redis), startReplica(issuer, redis)]);
    const thumbprint = await calculateJwkThumbprint(issuer.key.publicJwk);
    return new TwoReplicas(issuer, redis, first, second, `/admin/v1/issuers/corp/keys/${thumbprint}/deny`);
  }

  /** One more. Stop it. */
  start(): Promise<AdminService> {
    return startReplica(this.issuer, this.redis);
  }

  async stop(): Promise<void> {
    await Promise.all([this.first.stop(), this.second.stop()]);
    await this.redis.stop();
    await this.issuer.stop();
  }

  readonly deny = (service = this.first): ReturnType<AdminService['ask']> =>
    service.ask('POST', this.path, { token: operator, body: { reason: 'stolen' } });

  readonly inTheEnd = (holds: () => Promise<boolean>): Promise<void> => inTheEnd([this.first, this.second], holds);

  /** The issuer as `service` shows it, member by member. */
  async corp(service: AdminService): Promise<Record<string, unknown>> {
    const { body } = await service.ask('GET', '/admin/v1/issuers/corp', { token: viewer });
    return body;
  }

  readonly replicas = async (service: AdminService): Promise<Record<string, unknown>[]> =>
    (await this.corp(service))['replicas'] as Record<string, unknown>[];
}

function startReplica(issuer: FakeIssuer, { url }: RedisServer): Promise<AdminService> {
  const shared: Section = {
    admin: adminSection,
    redis: { url, recordKeys: [testRecordKey] },
  };
  return AdminService.start([quickIssuer(issuer)], shared);
}
