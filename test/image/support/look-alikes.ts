import { cp, mkdir, readdir, realpath, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { command } from './command.js';
import type { Images } from './images.js';

// What the two base images of the Dockerfile are made of, out of Debian's packages and the project's own Node: where no registry
// of images can be reached, these stand for them. Nothing is installed, only unpacked, as in the distroless images themselves.

/** What Node itself needs. Distroless has little more. */
const runtimePackages = ['base-files', 'netbase', 'libc6', 'libgcc-s1', 'libstdc++6'];

/** A shell, what the RUN lines call, and what that needs. */
const buildPackages = [
  ...['dash', 'coreutils', 'findutils'],
  ...['libselinux1', 'libpcre2-8-0', 'libacl1', 'libattr1', 'libgmp10', 'libssl3'],
];

/** Names of the images that stand for `RUNTIME_IMAGE` and `BUILD_IMAGE`. */
export const lookAlikes = { runtime: 'localhost/look-alike/distroless', build: 'localhost/look-alike/node' };

/** Makes both. @param scratch an empty folder */
export async function makeLookAlikes(images: Images, scratch: string): Promise<void> {
  const packages = await download(join(scratch, 'packages'), [...runtimePackages, ...buildPackages]);
  const unpack = async (root: string, wanted: readonly string[]): Promise<void> => {
    for (const each of wanted) {
      const file = packages.find((name) => name.startsWith(`${each}_`));
      if (file === undefined) throw new Error(`apt-get downloaded no ${each}`);
      await command('dpkg-deb', ['--extract', join(scratch, 'packages', file), root]);
    }
  };
  const makeRuntime = async (folder: string): Promise<void> => {
    await unpack(folder, runtimePackages);
    await placeNode(join(folder, 'nodejs', 'bin'));
    await images.fromFolder(lookAlikes.runtime, folder);
  };
  const makeBuild = async (folder: string): Promise<void> => {
    await unpack(folder, [...runtimePackages, ...buildPackages]);
    await placeNode(join(folder, 'usr', 'local', 'bin'));
    await placeNpm(join(folder, 'usr', 'local'));
    await images.fromFolder(lookAlikes.build, folder, await npmSettings());
  };
  await Promise.all([makeRuntime(join(scratch, 'runtime')), makeBuild(join(scratch, 'build'))]);
}

async function download(folder: string, packages: readonly string[]): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const fetch = (): Promise<string> => command('apt-get', ['-qq', 'download', ...packages], folder);
  await fetch().catch(async () => {
    await command('apt-get', ['-qq', 'update']);
    await fetch();
  });
  return readdir(folder);
}

/** The Node that runs this test is the Node 24 of the project. */
async function placeNode(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await cp(process.execPath, join(folder, 'node'), { dereference: true });
}

async function placeNpm(prefix: string): Promise<void> {
  const npm = dirname(dirname(await realpath(await command('sh', ['-c', 'command -v npm']))));
  await cp(npm, join(prefix, 'lib', 'node_modules', 'npm'), { recursive: true, dereference: true });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(prefix, 'bin', 'npm'));
}

/** As npm is set up here, so that it finds its registry. */
async function npmSettings(): Promise<Readonly<Record<string, string>>> {
  const [registry, cafile] = await Promise.all(
    ['registry', 'cafile'].map((key) => command('npm', ['config', 'get', key])),
  );
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    npm_config_registry: registry!,
    npm_config_cache: '/root/.npm',
    npm_config_update_notifier: 'false',
    // What is in the cache was fetched a moment ago, by the installation that this test runs in.
    npm_config_prefer_offline: 'true',
    ...(cafile !== 'null' && { npm_config_cafile: cafile! }),
  };
}
