import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';

/** A directory of a test's own, with a configuration in it. */
export class Directory {
  private swaps = 0;

  private constructor(readonly path: string) {}

  static async create(): Promise<Directory> {
    return new Directory(await mkdtemp(join(tmpdir(), 'assay-')));
  }

  get file(): string {
    return this.at('assay.yaml');
  }

  at(name: string): string {
    return join(this.path, name);
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    await mkdir(dirname(this.at(name)), { recursive: true });
    // Synchronously: time is ours in tests, and nobody here shall see a file that is half written.
    writeFileSync(this.at(name), content);
    return this.at(name);
  }

  configure(configuration: object): Promise<string> {
    return this.write('assay.yaml', stringify(configuration));
  }

  /** Replaces a file as editors do: a new one under another name, then a rename. */
  async replace(name: string, content: string): Promise<void> {
    await this.write(`${name}~`, content);
    await rename(this.at(`${name}~`), this.at(name));
  }

  /** Replaces all files at once as a Kubernetes volume does: `..data` leads to a new directory, the old one is removed. */
  swap(files: Readonly<Record<string, string>>): Promise<void> {
    return this.swapIn('', files);
  }

  /** As {@link swap}, in a volume that is mounted below. */
  async swapIn(volume: string, files: Readonly<Record<string, string>>): Promise<void> {
    const at = (name: string) => this.at(join(volume, name));
    const version = `..version-${(this.swaps += 1)}`;
    for (const [name, content] of Object.entries(files)) await this.write(join(volume, version, name), content);
    await symlink(version, at('..data_tmp'));
    await rename(at('..data_tmp'), at('..data'));
    if (this.swaps > 1) await rm(at(`..version-${this.swaps - 1}`), { recursive: true });
    for (const name of Object.keys(files)) await symlink(join('..data', name), at(name)).catch(() => undefined);
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}
