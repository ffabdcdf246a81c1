import { appendFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';

/** Only its owner reads it. */
const mode = 0o600;

/**
 * Where the lines of the audit trail end up. A file is opened for each write, so that whoever rotates it by renaming needs
 * to tell nobody.
 */
export class AuditFile {
  /** Absent: standard output. */
  path: string | undefined;

  /** @param print takes lines that belong on standard output */
  constructor(private readonly print: (lines: string) => void) {}

  /** @throws what the file system throws */
  write(lines: string): void {
    if (this.path === undefined) this.print(lines);
    else appendFileSync(this.path, lines, { mode });
  }

  /** The same, without keeping requests waiting. */
  async writeSoon(lines: string): Promise<void> {
    if (this.path === undefined) this.print(lines);
    else await appendFile(this.path, lines, { mode });
  }
}
