import type { FileText } from '../shared/configuration/field.js';

/** A text of the configuration, or a file that is read again for each connection. */
export type Rereadable = string | FileText;

/** One server of a Sentinel group or of a cluster. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is, and how it is reached. Exactly one of `url`, `sentinels` and `cluster` leads there. */
export interface RedisLocation {
  readonly url?: string;
  readonly sentinels?: readonly RedisNode[];
  readonly sentinelName?: string;
  readonly cluster?: readonly RedisNode[];
  /** Who we are there; what `url` says of it counts more. */
  readonly username?: string;
  /** Counts more than that of `url`. */
  readonly password?: Rereadable;
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: Rereadable;
  /** TLS with the servers of `sentinels` or `cluster`; `rediss:` in `url` says it there. */
  readonly tls?: boolean;
  /** TLS with the Sentinels themselves; absent: as with the servers that they watch. */
  readonly sentinelTls?: boolean;
  /** PEM of the only authorities to trust; absent: those of the system. */
  readonly ca?: Rereadable;
  /** PEM of our client certificate, with what leads to its authority, and of its key; both or neither. */
  readonly clientCert?: Rereadable;
  readonly clientKey?: Rereadable;
}

/** The user in a URL of Redis, if there is one. */
export function userInUrl(url: string | undefined): string | undefined {
  return partOfUrl(url, 'username');
}

/** The password in a URL of Redis, if there is one. */
export function passwordInUrl(url: string | undefined): string | undefined {
  return partOfUrl(url, 'password');
}

function partOfUrl(url: string | undefined, part: 'username' | 'password'): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const written = new URL(url)[part];
  if (written === '') return undefined;
  try {
    return decodeURIComponent(written);
  } catch {
    // A percent sign that begins no code stands for itself.
    return written;
  }
}
