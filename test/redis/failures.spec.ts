import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { redisFailures, type RedisFailure } from '../../src/redis/redis-failure.js';
import { RedisConnections } from '../../src/redis/redis-connections.js';
import type { RedisLocation } from '../../src/redis/redis-location.js';
import { SystemClock } from '../../src/shared/clock.js';
import { Telemetry } from '../../src/telemetry/telemetry.js';
import { freePort } from '../fakes/free-port.js';
import { RecordingLogger } from '../fakes/recording-logger.js';
import { RedisCluster } from './redis-cluster.js';
import { RedisServer } from './redis-server.js';
import { TlsFiles } from './tls-files.js';

const PASSWORD = 'canary-password';
const waiting = { timeout: 20_000, interval: 20 };
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  while (open.length > 0) await open.pop()!();
});

/** A server that is gone when the test is over. */
async function aServer(...settings: readonly string[]): Promise<RedisServer> {
  const server = await RedisServer.start(settings);
  open.push(() => server.stop());
  return server;
}

/** A server with TLS on a port of its own, and what makes its certificates. */
async function aTlsServer(terms: Parameters<typeof TlsFiles.make>[0], lines: 'demanding' | 'lenient' = 'lenient') {
  const files = await TlsFiles.make(terms);
  open.push(() => files.remove());
  const port = await freePort();
  await aServer(...files[lines], `tls-port ${port}`);
  return { files, url: `rediss://assay:${PASSWORD}@127.0.0.1:${port}` };
}

async function asked(server: RedisServer, ...command: readonly [string, ...string[]]): Promise<void> {
  const hand = server.client();
  await hand.call(...(command as [string, ...string[]]));
  hand.disconnect();
}

/** Each reason with a deployment that has it. */
const deployments: Readonly<
  Record<Exclude<RedisFailure, 'unreachable' | 'tls' | 'other'>, () => Promise<RedisLocation>>
> = {
  refused: async () => ({ url: `redis://:${PASSWORD}@127.0.0.1:${await freePort()}` }),
  dns: () => Promise.resolve({ url: `redis://:${PASSWORD}@redis.invalid:6379` }),
  timeout: async () => {
    const server = await aServer();
    server.pause();
    return { url: server.url };
  },
  closed: async () => {
    // Without TLS at a port that speaks it.
    const { url } = await aTlsServer({});
    return { url: url.replace('rediss:', 'redis:') };
  },
  certificate_untrusted: async () => ({ url: (await aTlsServer({})).url }),
  certificate_expired: async () => {
    const { url, files } = await aTlsServer({ notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') });
    return { url, ca: files.ca };
  },
  certificate_name: async () => {
    const { url, files } = await aTlsServer({ ips: [], dns: ['redis.example'] });
    return { url, ca: files.ca };
  },
  client_certificate: async () => {
    const { url, files } = await aTlsServer({}, 'demanding');
    return { url, ca: files.ca };
  },
  password: async () => {
    const { port } = await aServer('user assay on >another ~* &* +@all');
    return { url: `redis://assay:${PASSWORD}@127.0.0.1:${port}` };
  },
  permission: async () => {
    const { port } = await aServer(`user assay on >${PASSWORD} ~* &* +@all -set`);
    return { url: `redis://assay:${PASSWORD}@127.0.0.1:${port}` };
  },
  topology: async () => {
    const primary = await aServer();
    return { url: (await aServer(`replicaof 127.0.0.1 ${primary.port}`)).url };
  },
  loading: async () => {
    const { url } = await aServer('cluster-enabled yes', `cluster-port ${await freePort()}`);
    return { url };
  },
  exhausted: async () => {
    const server = await aServer();
    await asked(server, 'CONFIG', 'SET', 'maxmemory', '1');
    return { url: server.url };
  },
};

/** A process that wants to write something to Redis now and then, with what it says of it. */
async function complaintsOf(location: RedisLocation, reason: RedisFailure) {
  const logger = new RecordingLogger();
  const clock = new SystemClock();
  const { metrics, reader } = Telemetry.local(clock);
  const settings = { primary: location, environment: '', recordKeys: [] };
  const connections = new RedisConnections(settings, { clock, logger, metrics });
  connections.open();
  open.push(() => connections.close());
  const warnings = () => logger.lines.filter(({ level }) => level === 'warn');
  await vi.waitFor(async () => {
    await connections.primary.run('test', (client) => client.set('x', 'x')).catch(() => undefined);
    expect(warnings().map(({ fields }) => fields['reason'])).toContain(reason);
  }, waiting);
  const scraped = (await reader.scrape()).split('\n');
  const counted = scraped.filter((line) => line.startsWith('assay_jwks_redis_failures_total{'));
  return { warnings: warnings(), counted, said: JSON.stringify(logger.lines) + counted.join() };
}

/** A master that has not the slot of the key. */
async function elsewhereThan(key: string, { masters }: RedisCluster): Promise<string> {
  const hand = masters[0]!.client();
  const slot = Number(await hand.call('CLUSTER', 'KEYSLOT', key));
  hand.disconnect();
  return masters[(Math.floor((slot * 3) / 16_384) + 1) % 3]!.url;
}

describe('why Redis does not answer', () => {
  it.each(Object.keys(deployments) as (keyof typeof deployments)[])(
    'is in the log and the metric: %s',
    async (reason) => {
      const { warnings, counted, said } = await complaintsOf(await deployments[reason](), reason);

      expect(warnings.at(-1)).toMatchObject({ fields: { role: 'primary', reason }, sentence: redisFailures[reason] });
      expect(counted.join('\n')).toMatch(new RegExp(`role="primary",reason="${reason}"} [1-9]`));
      expect(said).not.toContain(PASSWORD);
      expect(new Set(warnings.map(({ sentence }) => sentence)).size).toBe(warnings.length);
    },
  );

  it('is the wrong topology where one server of a cluster is taken for the only one', async () => {
    const cluster = await RedisCluster.start();
    open.push(() => cluster.stop());

    const { warnings } = await complaintsOf({ url: await elsewhereThan('x', cluster) }, 'topology');

    expect(warnings.map(({ fields }) => fields['reason'])).toEqual(['topology']);
  });

  it('is the wrong topology where a Sentinel is taken for a server with data', async () => {
    const sentinel = await RedisServer.startSentinel([]);
    open.push(() => sentinel.stop());

    const { warnings } = await complaintsOf({ url: sentinel.url }, 'topology');

    expect(warnings.map(({ fields }) => fields['reason'])).toEqual(['topology']);
  });

  it('has a paragraph in the runbook for each reason, with the sentence of the log', () => {
    const runbook = readFileSync('docs/operations.md', 'utf8').replaceAll(/\s+/g, ' ');
    for (const [reason, sentence] of Object.entries(redisFailures)) {
      expect(runbook).toContain(`**\`${reason}\`**: \`${sentence}\``);
    }
  });
});
