import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** A name for this process that no other replica has, and that operators recognize: the host's, and something random. */
export function replicaName(): string {
  const host = hostname()
    .replace(/[^\w.-]/g, '')
    .slice(0, 63);
  return `${host}-${randomBytes(4).toString('hex')}`;
}
