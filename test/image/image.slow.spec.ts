import { spawnSync } from 'node:child_process';
import { chmod, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { Directory } from '../config/support/directory.js';
import { freePorts, type Ports } from '../e2e/support/assay-process.js';
import { DEFAULT_PORTS_TIMEOUT_MS, DefaultPorts } from '../e2e/support/default-ports.js';
import { configurationOf, issuerSection, ordersApi } from '../e2e/support/configuration.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { nodeFlags } from '../../tools/node-flags.mjs';
import { command } from './support/command.js';
import { Container } from './support/container.js';
import { Images, type ImageConfiguration } from './support/images.js';
import { lookAlikes, makeLookAlikes } from './support/look-alikes.js';

const root = join(import.meta.dirname, '..', '..');
const NAME = 'localhost/assay:test';

/** What the chart gives by default, less the time to be forgotten: server.shutdownTimeout and a moment. */
const GRACE_MS = 30_000;

/** A build installs from the network or from npm's cache, twice; the machine may be busy. */
const PATIENCE_MS = 900_000;

interface LockedPackage {
  readonly dev?: boolean;
  readonly optional?: boolean;
}

async function packagesOf(lockFile: string): Promise<Readonly<Record<string, LockedPackage>>> {
  const lock = JSON.parse(await readFile(lockFile, 'utf8')) as { packages: Record<string, LockedPackage> };
  return lock.packages;
}

async function sizeMiB(folder: string): Promise<number> {
  return Number((await command('du', ['--summarize', '--bytes', folder])).split('\t')[0]) / 1024 ** 2;
}

let images: Images;
let image: ImageConfiguration;
let files: string;

beforeAll(async () => {
  images = await Images.open();
  await makeLookAlikes(images, join(images.folder, 'scratch'));
  await images.build(NAME, root, {
    BUILD_IMAGE: lookAlikes.build,
    RUNTIME_IMAGE: lookAlikes.runtime,
    VERSION: '1.2.3',
    REVISION: 'c0ffee',
  });
  [image, files] = await Promise.all([images.configuration(NAME), images.mount(NAME)]);
}, PATIENCE_MS);

afterAll(async () => {
  await images.close();
}, PATIENCE_MS);

describe('the image that the Dockerfile makes', () => {
  it('says what it is, whose number it runs as, and how', () => {
    expect(image).toMatchObject({
      User: '65532:65532',
      WorkingDir: '/app',
      Entrypoint: ['/nodejs/bin/node', ...nodeFlags, 'dist/main.js'],
      Labels: {
        'org.opencontainers.image.title': 'Assay',
        'org.opencontainers.image.version': '1.2.3',
        'org.opencontainers.image.revision': 'c0ffee',
        'org.opencontainers.image.licenses': 'Apache-2.0',
      },
    });
    expect(image.Env).toContain('NODE_ENV=production');
    expect(image.Cmd ?? []).toEqual([]);
    expect(Object.keys(image.ExposedPorts).sort()).toEqual(['8080/tcp', '8081/tcp', '9090/tcp']);
  });

  it('has what runs: the program, its protos and exactly the production dependencies', async () => {
    expect((await readdir(join(files, 'app'))).sort()).toEqual([
      'LICENSE',
      'dist',
      'node_modules',
      'package.json',
      'proto',
    ]);
    const locked = await packagesOf(join(root, 'package-lock.json'));
    const installed = await packagesOf(join(files, 'app', 'node_modules', '.package-lock.json'));
    const isWanted = ([path, { dev, optional }]: [string, LockedPackage]): boolean => path !== '' && !dev && !optional;
    const wanted = Object.entries(locked).filter(isWanted);
    expect(Object.keys(installed).sort()).toEqual(expect.arrayContaining(wanted.map(([path]) => path)));
    expect(Object.keys(installed).filter((path) => locked[path]?.dev)).toEqual([]);
    expect(Object.keys(installed)).not.toContain('node_modules/node');
  });

  it('has no test, no shell of its own, and nothing that the program could change', async () => {
    const program = await readdir(join(files, 'app', 'dist'), { recursive: true });
    expect(program.filter((file) => /\.spec\.|\.map$|\.ts$/.test(file))).toEqual([]);
    await expect(readdir(join(files, 'bin'))).resolves.toEqual([]);
    const writable = spawnSync('find', [join(files, 'app'), '-perm', '/o+w', '-not', '-type', 'l'], {
      encoding: 'utf8',
    });
    expect(writable.stdout).toBe('');
  });

  it('is small, and as large as the README says', async () => {
    const [whole, ours] = await Promise.all([sizeMiB(files), sizeMiB(join(files, 'app'))]);
    process.stdout.write(`image: ${whole.toFixed(0)} MiB, of which ours ${ours.toFixed(0)} MiB\n`);
    expect(ours).toBeLessThan(45);
    const [, said] = /The image is\s+(\d+) MiB on top of/.exec(await readFile(join(root, 'README.md'), 'utf8')) ?? [];
    expect(Math.abs(ours - Number(said))).toBeLessThan(1.5);
  });
});

describe('a container of it', () => {
  let issuer: FakeIssuer;
  let directory: Directory;
  let ports: Ports;
  let container: Container;

  const run = (): Promise<Container> =>
    Container.run(files, image, [{ source: directory.path, destination: '/etc/assay' }]);
  const status = async (path: string): Promise<number> =>
    (await fetch(`http://127.0.0.1:${ports.management}${path}`).catch(() => undefined))?.status ?? 0;

  async function introspect(): Promise<unknown> {
    const credentials = Buffer.from(`${ordersApi.id}:${ordersApi.secret}`).toString('base64');
    const answer = await fetch(`http://127.0.0.1:${ports.http}/introspect`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}` },
      body: new URLSearchParams({ token: await issuer.sign({ sub: 'alice' }) }),
    });
    return answer.json();
  }

  beforeAll(async () => {
    [issuer, directory, ports] = await Promise.all([FakeIssuer.start(), Directory.create(), freePorts()]);
    await directory.configure(configurationOf(ports, [issuerSection('corp', issuer)]));
    // Somebody else than root will read it.
    await chmod(directory.path, 0o755);
    container = await run();
    await eventually(
      () => container.output.includes('"msg":"ready"') || container.hasExited,
      () => container.output,
    );
  }, PATIENCE_MS);

  afterAll(async () => {
    await container.remove();
    await Promise.all([issuer.stop(), directory.remove()]);
  });

  it('starts as nobody in particular with a root that is read-only, and its probes answer', async () => {
    expect(await Promise.all(['/startupz', '/readyz', '/livez'].map(status))).toEqual([200, 200, 200]);
  });

  it('answers an introspection', async () => {
    expect(await introspect()).toMatchObject({ active: true, sub: 'alice' });
  });

  it('is told of a change of its configuration', async () => {
    await directory.configure({ ...configurationOf(ports, [issuerSection('shop', issuer)]) });
    await eventually(
      () => container.output.includes('configuration reloaded'),
      () => container.output,
    );
    expect(await introspect()).toMatchObject({ active: true });
  });

  it('ends with 0 on SIGTERM to process 1, well within the grace period', async () => {
    const toldMs = performance.now();
    await container.signal('TERM');
    expect(await container.exited()).toBe(0);
    expect(performance.now() - toldMs).toBeLessThan(GRACE_MS);
    expect(container.output).toContain('"msg":"stopped"');
  });

  it('does not start without a configuration: no demo by accident', async () => {
    const lost = await Container.run(files, image, []);
    expect(await lost.exited()).toBe(78);
    expect(lost.output).toContain('NODE_ENV is production');
    await lost.remove();
  });

  it(
    'can be the demo issuer of compose.yaml',
    async () => {
      const defaults = await DefaultPorts.take();
      const demo = await Container.run(files, image, [], ['/nodejs/bin/node', 'dist/demo/main.js']);
      await eventually(
        () => demo.output.includes('The demo issuer is'),
        () => demo.output,
      );
      const [, url] = /is (http\S+)\.\n/.exec(demo.output)!;
      const token = await (await fetch(`${url!}/token`, { method: 'POST' })).text();
      expect(token.split('.')).toHaveLength(3);
      await demo.signal('TERM');
      expect(await demo.exited()).toBe(0);
      await demo.remove();
      await defaults.release();
    },
    DEFAULT_PORTS_TIMEOUT_MS,
  );
});
