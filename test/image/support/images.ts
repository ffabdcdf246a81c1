import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { command } from './command.js';

/** What an image says about how it is to be run, as far as tests look at it (OCI image configuration). */
export interface ImageConfiguration {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir: string;
  readonly ExposedPorts: Readonly<Record<string, unknown>>;
  readonly Labels: Readonly<Record<string, string>>;
}

/** Images in a store of a test's own, built by buildah without an engine. */
export class Images {
  private constructor(
    readonly folder: string,
    private readonly driver: 'overlay' | 'vfs',
  ) {}

  static async open(): Promise<Images> {
    const images = new Images(await mkdtemp(join(tmpdir(), 'assay-images-')), 'overlay');
    // Within a container there is often no overlay; without it every layer is a copy of all that is below.
    const hasOverlay = await images.buildah('info').then(
      () => true,
      () => false,
    );
    return hasOverlay ? images : new Images(images.folder, 'vfs');
  }

  /** Makes an image of one layer. */
  async fromFolder(name: string, folder: string, environment: Readonly<Record<string, string>> = {}): Promise<void> {
    const container = await this.buildah('from', 'scratch');
    await this.buildah('copy', '--quiet', container, folder, '/');
    const variables = Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    if (variables.length > 0) await this.buildah('config', ...variables, container);
    await this.buildah('commit', '--quiet', '--rm', container, name);
  }

  /** Builds the Dockerfile of a folder; npm in it uses our cache and our authorities. */
  async build(name: string, context: string, args: Readonly<Record<string, string>>): Promise<void> {
    const [cache, cafile] = await Promise.all(['cache', 'cafile'].map((key) => command('npm', ['config', 'get', key])));
    const volumes = [
      `${cache}:/root/.npm:rw`,
      ...(cafile === 'null' ? [] : [`${dirname(cafile!)}:${dirname(cafile!)}:ro`]),
    ];
    await this.buildah(
      // Stages that do not need each other are built beside each other.
      ...['build', '--jobs', '2', '--isolation', 'chroot', '--format', 'docker', '--pull-never', '--tag', name],
      ...Object.entries(args).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
      ...volumes.flatMap((volume) => ['--volume', volume]),
      context,
    );
  }

  async configuration(name: string): Promise<ImageConfiguration> {
    const answer = await this.buildah('inspect', '--type', 'image', name);
    return (JSON.parse(answer) as { OCIv1: { config: ImageConfiguration } }).OCIv1.config;
  }

  /** @returns the folder in which all files of the image are */
  async mount(name: string): Promise<string> {
    return this.buildah('mount', await this.buildah('from', '--pull-never', name));
  }

  async close(): Promise<void> {
    await this.buildah('rm', '--all');
    await rm(this.folder, { recursive: true, force: true });
  }

  private buildah(...args: readonly string[]): Promise<string> {
    // Each driver has a store of its own: one that could not be opened may be half made.
    const folder = join(this.folder, this.driver);
    const store = ['--root', join(folder, 'store'), '--runroot', join(folder, 'run'), '--storage-driver', this.driver];
    return command('buildah', [...store, ...args]);
  }
}
