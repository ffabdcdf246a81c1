import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeIssuer } from '../../fakes/fake-issuer.js';
import { RedisServer } from '../../redis/redis-server.js';
import { AssayProcess, emptyDirectory, freePorts } from './assay-process.js';
import { configurationOf, issuerSection, type Section } from './configuration.js';

export const viewer = 'viewer-token-Wq7Zt3Lm9XcVb5NhTy2K';
export const operator = 'operator-token-Pf4Gs8Rd1JkQm6BzXv0C';

/** Replicas of the built program with a console, one issuer that answers and one that does not. */
export class ConsoleWorld {
  private constructor(
    readonly issuer: FakeIssuer,
    readonly redis: RedisServer,
    readonly replicas: readonly AssayProcess[],
  ) {}

  static async start(size: number): Promise<ConsoleWorld> {
    const [issuer, redis] = await Promise.all([FakeIssuer.start(), RedisServer.start()]);
    const replicas = await Promise.all(Array.from({ length: size }, () => startReplica(issuer, redis)));
    return new ConsoleWorld(issuer, redis, replicas);
  }

  /** Of the first replica. */
  get url(): string {
    return `${this.first.managementUrl}/console/`;
  }

  get first(): AssayProcess {
    return this.replicas[0]!;
  }

  /** Everything that any of them wrote. */
  get output(): string {
    return this.replicas.map(({ output }) => output).join('\n');
  }

  async stop(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.stop()));
    await Promise.all([this.issuer.stop(), this.redis.stop()]);
  }
}

export const adminSection: Section = {
  tokens: [
    { id: 'watching', secret: viewer, role: 'viewer' },
    { id: 'acting', secret: operator, role: 'operator' },
  ],
};

/** As a roll-out does it: one file for all, and in the environment of each what differs. */
async function startReplica(issuer: FakeIssuer, { url }: RedisServer): Promise<AssayProcess> {
  const port = (name: string) => `\${env:${name}}` as unknown as number;
  const ports = { http: port('HTTP_PORT'), grpc: port('GRPC_PORT'), management: port('MANAGEMENT_PORT') };
  // It does not know what an opaque token is: every question fails.
  const opaque = {
    endpoint: `${issuer.issuer}/introspect`,
    credentials: { clientId: 'assay', secret: 'our-secret-there-Xq8Lm3' },
    match: { prefix: 'opq_' },
  };
  const corp = issuerSection('corp', issuer, { keys: { jwksUri: issuer.jwksUri }, opaque });
  const configuration = {
    ...configurationOf(ports, [corp], { grpc: { enabled: false } }),
    admin: adminSection,
    redis: { url, recordKeys: [{ id: 'k1', secret: 'record-key-for-console-tests-8Jq2Vx7Lm4Nz' }] },
  };
  const [directory, free] = await Promise.all([emptyDirectory(), freePorts()]);
  const file = join(directory, 'assay.yaml');
  await writeFile(file, JSON.stringify(configuration));
  const env = { ASSAY_CONFIG: file, HTTP_PORT: String(free.http), MANAGEMENT_PORT: String(free.management) };
  const replica = await AssayProcess.run({ directory, env }, free);
  await replica.ready();
  return replica;
}
