import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import { TcpProxy } from '../../e2e/faults/support/tcp-proxy.js';
import type { Section } from '../../e2e/support/configuration.js';
import { testRecordKey } from '../../redis/a-redis-key-store.js';
import { RedisServer } from '../../redis/redis-server.js';
import { adminSection, AdminService, FakeIssuer, inTheEnd, operator, quickIssuer, viewer } from './admin-world.js';

type Json = Readonly<Record<string, unknown>>;

/** Two regions with a real Redis each, of which one asks the other over a link that can be stalled or cut. */
export class IndependentRegions {
  private constructor(
    readonly issuer: FakeIssuer,
    private readonly redis: readonly RedisServer[],
    private readonly folder: string,
    readonly eu: AdminService,
    readonly us: AdminService,
    public link: TcpProxy,
    /** Of the issuer's one key. */
    readonly thumbprint: string,
  ) {}

  /** @param role of the token that the one region has for the other */
  static async start(role: 'viewer' | 'operator' = 'operator'): Promise<IndependentRegions> {
    const [issuer, folder] = [await FakeIssuer.start(), await mkdtemp(join(tmpdir(), 'assay-regions-'))];
    const redis = [await RedisServer.start(), await RedisServer.start()];
    const [eu, us] = await Promise.all([
      AdminService.start([quickIssuer(issuer)], sections('eu', redis[0]!)),
      AdminService.start([quickIssuer(issuer)], sections('us', redis[1]!)),
    ]);
    const link = await TcpProxy.start(Number(new URL(us.managementUrl).port));
    const thumbprint = await calculateJwkThumbprint(issuer.key.publicJwk);
    const world = new IndependentRegions(issuer, redis, folder, eu, us, link, thumbprint);
    await world.name([{ name: 'us', url: httpUrl(link) }], role === 'viewer' ? viewer : operator);
    // A token that is asked about brings the keys.
    for (const region of [eu, us]) await region.isActive(await issuer.sign());
    // Only then is a reach promised: each region knows of its replica.
    await world.inTheEnd(async () => (await world.fleet())['isComplete'] === true);
    return world;
  }

  async stop(): Promise<void> {
    await Promise.all([this.eu.stop(), this.us.stop()]);
    await this.link.stop();
    for (const server of this.redis) await server.stop();
    await this.issuer.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Gives the first region another list of regions. */
  async name(regions: readonly { readonly name: string; readonly url: string }[], token: string): Promise<void> {
    const tokenFile = join(this.folder, 'token');
    await writeFile(tokenFile, `${token}\n`);
    const admin = { ...adminSection, regions: regions.map((each) => ({ ...each, tokenFile })) };
    await this.eu.write([quickIssuer(this.issuer)], { ...sections('eu', this.redis[0]!), admin });
    await this.eu.reload();
  }

  /** Gives the second region other issuers. */
  async register(issuers: readonly Section[]): Promise<void> {
    await this.us.write(issuers, sections('us', this.redis[1]!));
    await this.us.reload();
  }

  /** The link is there again, at the same place. */
  async mend(): Promise<void> {
    this.link = await TcpProxy.start(Number(new URL(this.us.managementUrl).port));
    await this.name([{ name: 'us', url: httpUrl(this.link) }], operator);
  }

  /** All regions, as the first one answers; asked anew. */
  async fleet(): Promise<Json & { readonly regions: readonly Json[]; readonly findings: readonly Json[] }> {
    this.eu.clock.forward(2_000);
    const { body } = await this.eu.ask('GET', '/admin/v1/fleet', { token: viewer });
    return body as Awaited<ReturnType<IndependentRegions['fleet']>>;
  }

  /** The other region, as the first one shows it. */
  async seen(): Promise<Json> {
    return (await this.fleet()).regions[1]!;
  }

  readonly inTheEnd = (holds: () => Promise<boolean>): Promise<void> => inTheEnd([this.eu, this.us], holds);
}

export function httpUrl(link: TcpProxy): string {
  return link.url.replace('redis:', 'http:');
}

function sections(region: string, { url }: RedisServer): Section {
  return {
    admin: adminSection,
    redis: { url, region, recordKeys: [testRecordKey] },
  };
}
