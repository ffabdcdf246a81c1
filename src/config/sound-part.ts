import { AdminSection } from '../admin/admin.config.js';
import { CallerSection } from '../callers/registration/callers.config.js';
import { IssuerSection } from '../issuers/issuers.config.js';
import { RedisSection } from '../redis/redis.config.js';
import { unreadable, type Reading, type SectionClass } from '../shared/configuration/field.js';
import { readSection } from '../shared/configuration/read-section.js';
import type { Steps } from '../shared/steps.js';
import { CacheSection } from '../verification/cache.config.js';
import type { Configuration } from './configuration.config.js';
import { ServerSection } from '../transport/server.config.js';

/** The sections that are made ready before a configuration comes into force. */
export type PreparedSections = Pick<Configuration, 'server' | 'redis' | 'issuers' | 'callers' | 'admin' | 'cache'>;

/** Stands for whatever the file calls this service where that cannot be known: its absence would be a problem of its own. */
const named = { identifier: 'https://assay.invalid' };

/**
 * What can be read of a file with problems, so that what shows only when it is made ready is told together with them. In
 * a list a hole stands for a member that cannot be read: it keeps the indices right, and `map`, `flatMap` and `forEach`
 * pass it by.
 */
export function* soundPart(raw: unknown, outer: Reading): Steps<PreparedSections> {
  const reading: Reading = { ...outer, report: ignore, warn: ignore };
  const file = asMapping(raw);
  const server = yield* sectionOf(ServerSection, file['server'] ?? {}, 'server', reading);
  const redis = yield* sectionOf(RedisSection, file['redis'], 'redis', reading);
  const admin = yield* sectionOf(AdminSection, file['admin'], 'admin', reading);
  return {
    server: server ?? ((yield* readSection(ServerSection, named, 'server', reading)) as ServerSection),
    ...(redis && { redis }),
    issuers: yield* membersOf(IssuerSection, file['issuers'], 'issuers', reading),
    callers: yield* membersOf(CallerSection, file['callers'], 'callers', reading),
    ...(admin && { admin }),
    cache: (yield* sectionOf(CacheSection, file['cache'] ?? {}, 'cache', reading)) ?? { verifiedTokens: 0 },
  };
}

function* sectionOf<T extends object>(
  section: SectionClass<T>,
  raw: unknown,
  path: string,
  reading: Reading,
): Steps<T | undefined> {
  const read = yield* readSection(section, raw, path, reading);
  return read === unreadable ? undefined : read;
}

function* membersOf<T extends object>(
  section: SectionClass<T>,
  raw: unknown,
  path: string,
  reading: Reading,
): Steps<readonly T[]> {
  const members: T[] = [];
  if (!Array.isArray(raw)) return members;
  for (const [i, member] of raw.entries()) {
    const read = yield* sectionOf(section, member, `${path}[${i}]`, reading);
    if (read) members[i] = read;
  }
  return members;
}

function asMapping(raw: unknown): Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null ? (raw as Readonly<Record<string, unknown>>) : {};
}

function ignore(): void {
  // Told already.
}
