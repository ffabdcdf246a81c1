import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');

/** The program of the version before, as `tools/keep-version.mjs` has kept it. */
export class FormerProgram {
  private constructor(private readonly folder: string) {}

  /** @param name of an archive in `test/upgrading/versions` */
  static async unpack(name: string): Promise<FormerProgram> {
    const folder = await mkdtemp(join(tmpdir(), 'assay-former-'));
    execFileSync('tar', ['-xzf', join(root, 'test', 'upgrading', 'versions', `${name}.tgz`), '-C', folder]);
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    return new FormerProgram(folder);
  }

  get path(): string {
    return join(this.folder, 'dist', 'main.js');
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
