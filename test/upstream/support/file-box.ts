import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files that a configuration names. */
export class FileBox {
  private readonly directory = mkdtempSync(join(tmpdir(), 'assay-'));

  /** @returns the path, for the configuration */
  write(name: string, content: string): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  path(name: string): string {
    return join(this.directory, name);
  }
}
