import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeIssuer } from '../../fakes/fake-issuer.js';
import { RedisServer } from '../../redis/redis-server.js';
import { TcpProxy } from '../faults/support/tcp-proxy.js';
import { AssayProcess, emptyDirectory } from './assay-process.js';
import { configurationOf, issuerSection, type Section } from './configuration.js';
import { adminSection, operator } from './console-world.js';

/** Two regions of the built program, each with a Redis, of which one asks the other over a link that can be cut. */
export class RegionWorld {
  private constructor(
    readonly issuer: FakeIssuer,
    private readonly redis: readonly RedisServer[],
    readonly eu: AssayProcess,
    readonly us: AssayProcess,
    readonly link: TcpProxy,
  ) {}

  static async start(): Promise<RegionWorld> {
    const issuer = await FakeIssuer.start();
    const redis = await Promise.all([RedisServer.start(), RedisServer.start()]);
    const us = await startRegion('us', issuer, redis[1], adminSection);
    const link = await TcpProxy.start(us.ports.management);
    const tokenFile = join(await emptyDirectory(), 'token');
    await writeFile(tokenFile, operator);
    const regions = [{ name: 'us', url: link.url.replace('redis:', 'http:'), tokenFile }];
    const eu = await startRegion('eu', issuer, redis[0], { ...adminSection, regions });
    return new RegionWorld(issuer, redis, eu, us, link);
  }

  /** The console of the region that asks. */
  get url(): string {
    return `${this.eu.managementUrl}/console/`;
  }

  async stop(): Promise<void> {
    await Promise.all([this.eu.stop(), this.us.stop()]);
    await this.link.stop();
    await Promise.all([this.issuer, ...this.redis].map((each) => each.stop()));
  }
}

function startRegion(region: string, issuer: FakeIssuer, { url }: RedisServer, admin: Section): Promise<AssayProcess> {
  const corp = issuerSection('corp', issuer, { keys: { jwksUri: issuer.jwksUri } });
  return AssayProcess.start((ports) => ({
    ...configurationOf(ports, [corp], { grpc: { enabled: false } }),
    admin,
    redis: { url, region, recordKeys: [{ id: 'k1', secret: 'record-key-for-console-tests-8Jq2Vx7Lm4Nz' }] },
  }));
}
