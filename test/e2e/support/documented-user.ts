import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The rules of the user in the runbook, as one line for `redis.conf`. */
export function documentedUser(password: string): string {
  const runbook = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8');
  const [, rules] = /^user assay on >… ([^`]+?)\n```/m.exec(runbook) ?? [];
  return `user assay on >${password} ${rules!.replaceAll(/\s+/g, ' ')}`;
}
