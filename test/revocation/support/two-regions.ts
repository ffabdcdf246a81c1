import type { Redis } from 'ioredis';
import { adminSection, AdminService, inTheEnd, operator, viewer } from '../../admin/support/admin-world.js';
import { TcpProxy } from '../../e2e/faults/support/tcp-proxy.js';
import type { Section } from '../../e2e/support/configuration.js';
import { eventually } from '../../fakes/eventually.js';
import { testRecordKey } from '../../redis/a-redis-key-store.js';
import { RedisServer } from '../../redis/redis-server.js';

/** A region with the primary, and one that reads a replica of it; both links of the far one can be cut. */
export interface Regions {
  readonly near: AdminService;
  readonly far: AdminService;
  readonly primary: RedisServer;
  readonly reader: RedisServer;
  /** From the primary to its read replica. */
  readonly link: TcpProxy;
  /** From the service in the far region to the primary. */
  readonly writing: TcpProxy;
  readonly control: Redis;
  /** Has the read replica follow the primary, over a link that works. */
  readonly join: () => Promise<void>;
}

/** Services in two regions, with all that they need, until {@link stop}. */
export class TwoRegions {
  private readonly open: { stop(): Promise<unknown> }[] = [];
  private readonly services: AdminService[] = [];

  /** @param issuers sections of the configuration. @param more further sections */
  constructor(
    private readonly issuers: readonly Section[],
    private readonly more: Section = {},
  ) {}

  async stop(): Promise<void> {
    while (this.open.length > 0) await this.open.pop()!.stop();
  }

  async redis(): Promise<RedisServer> {
    return this.kept(await RedisServer.start(['repl-diskless-sync-delay 0']));
  }

  async start(location: Section, revocation: Section = {}): Promise<AdminService> {
    const redis = { ...location, recordKeys: [testRecordKey] };
    const service = await AdminService.start(this.issuers, { admin: adminSection, ...this.more, redis, revocation });
    this.services.push(service);
    return this.kept(service);
  }

  /** Ends with the others. */
  kept<Part extends { stop(): Promise<unknown> }>(part: Part): Part {
    this.open.push(part);
    return part;
  }

  /** Polls and reports come by the clocks of the replicas. */
  inTheEnd(holds: () => Promise<boolean>): Promise<void> {
    return inTheEnd(this.services, holds);
  }

  /** Both regions, ready and aware of each other. @param revocation of the far one */
  async connected(revocation: Section = {}): Promise<Regions> {
    const [primary, reader] = [await this.redis(), await this.redis()];
    const link = this.kept(await TcpProxy.start(primary.port));
    const writing = this.kept(await TcpProxy.start(primary.port));
    const control = reader.client();
    this.kept({ stop: () => control.quit() });
    const join = async (): Promise<void> => {
      link.mode = 'pass';
      await control.call('REPLICAOF', 'NO', 'ONE');
      await control.call('REPLICAOF', '127.0.0.1', new URL(link.url).port);
      await eventually(async () => (await control.info('replication')).includes('master_link_status:up'));
    };
    await join();
    const near = await this.start({ url: primary.url, region: 'near' });
    const far = await this.start({ url: writing.url, readUrl: reader.url, region: 'far' }, revocation);
    await this.inTheEnd(async () => ((await fleetOf(near))['replicas'] as unknown[]).length === 2);
    return { near, far, primary, reader, link, writing, control, join };
  }
}

/** What a service says of the others. */
export async function fleetOf(service: AdminService): Promise<Record<string, unknown>> {
  const { body } = await service.ask('GET', '/admin/v1/issuers/corp', { token: viewer });
  return body['fleet'] as Record<string, unknown>;
}

/** Whether it says that its list of revocations is whole. */
export async function isCurrent(service: AdminService): Promise<boolean> {
  const { body } = await service.ask('GET', '/admin/v1/issuers/corp/revocations', { token: viewer });
  return body['isCurrent'] === true;
}

/** An operator ends a session. */
export function revoke(service: AdminService, session: string): ReturnType<AdminService['ask']> {
  const body = { kind: 'session', value: session, reason: 'stolen' };
  return service.ask('POST', '/admin/v1/issuers/corp/revocations', { token: operator, body });
}
