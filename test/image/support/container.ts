import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from './command.js';
import type { ImageConfiguration } from './images.js';

/** A file or folder of the host that a container sees, and cannot change. */
export interface ReadOnlyMount {
  readonly source: string;
  readonly destination: string;
}

/**
 * A container as Kubernetes would run it under the restricted profile: by runc, with a root that is read-only, no capability, process 1 in
 * a namespace of its own. Only the network is the host's, so that a test can ask it.
 */
export class Container {
  output = '';
  private readonly exit: Promise<number>;

  private constructor(
    private readonly id: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.exit = once(child, 'close').then(([code]) => Number(code));
  }

  /** @param args instead of the image's own entry point */
  static async run(
    root: string,
    image: ImageConfiguration,
    mounts: readonly ReadOnlyMount[],
    args = commandOf(image),
  ): Promise<Container> {
    const folder = await mkdtemp(join(tmpdir(), 'assay-container-'));
    await mkdir(join(folder, 'bundle'));
    await writeFile(join(folder, 'bundle', 'config.json'), JSON.stringify(specification(root, image, mounts, args)));
    const id = folder.split('-').at(-1)!;
    const state = ['--root', join(folder, 'state')];
    const child = spawn('runc', [...state, 'run', '--bundle', join(folder, 'bundle'), id], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Container(id, folder, child);
  }

  /** To process 1, as kubelet does it. */
  async signal(name: string): Promise<void> {
    await command('runc', ['--root', join(this.folder, 'state'), 'kill', this.id, name]);
  }

  get hasExited(): boolean {
    return this.child.exitCode !== null;
  }

  exited(): Promise<number> {
    return this.exit;
  }

  async remove(): Promise<void> {
    if (!this.hasExited) await this.signal('KILL');
    await this.exit;
    await rm(this.folder, { recursive: true, force: true });
  }
}

function commandOf({ Entrypoint, Cmd = [] }: ImageConfiguration): readonly string[] {
  return [...Entrypoint, ...Cmd];
}

/** OCI runtime specification. */
function specification(
  root: string,
  image: ImageConfiguration,
  mounts: readonly ReadOnlyMount[],
  args: readonly string[],
): object {
  const [uid, gid] = image.User.split(':').map(Number);
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid, gid },
      args,
      env: image.Env,
      cwd: image.WorkingDir,
      capabilities: {},
      noNewPrivileges: true,
    },
    root: { path: root, readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=64k'] },
      ...mounts.map((mount) => ({ ...mount, type: 'bind', options: ['bind', 'ro'] })),
    ],
    linux: { namespaces: ['pid', 'mount', 'ipc', 'uts'].map((type) => ({ type })) },
  };
}
