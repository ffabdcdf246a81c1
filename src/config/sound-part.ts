import { AdminSection } from '../admin/admin.config.js';
import { CallerSection } from '../callers/registration/callers.config.js';
import { IssuerSection } from '../issuers/issuers.config.js';
import { RedisSection } from '../redis/redis.config.js';
import { unreadable, type Reading, type SectionClass } from '../shared/configuration/field.js';
import { Place } from '../shared/configuration/place.js';
import { isMapping, readSection } from '../shared/configuration/read-section.js';
import type { Pause } from '../shared/pause.js';
import { CacheSection } from '../verification/cache.config.js';
import type { Configuration } from './configuration.config.js';
import { ServerSection } from '../transport/server.config.js';

/** The sections that are made ready before a configuration comes into force. */
export type PreparedSections = Pick<Configuration, 'server' | 'redis' | 'issuers' | 'callers' | 'admin' | 'cache'>;

/** Stands for whatever the file calls this service where that cannot be known: its absence would be a problem of its own. */
const named = { identifier: 'https://assay.invalid' };

/**
 * What can be read of a file with problems: it is made ready all the same, so that problems which show only then are
 * reported together with the others. In a list a hole stands for a member that cannot be read: it keeps the indices right,
 * and `map`, `flatMap` and `forEach` pass it by.
 */
export async function soundPart(raw: unknown, reading: Reading, pause: Pause): Promise<PreparedSections> {
  const file = isMapping(raw) ? raw : {};
  const whole = new Place({ report: ignore, warn: ignore });
  const read = <T extends object>(section: SectionClass<T>, written: unknown, place: Place): T | undefined => {
    const value = readSection(section, written, place, reading);
    return value === unreadable ? undefined : value;
  };
  const members = async <T extends object>(section: SectionClass<T>, key: string): Promise<readonly T[]> => {
    const [list, written]: [T[], unknown] = [[], file[key]];
    if (!Array.isArray(written)) return list;
    for (const [i, member] of written.entries()) {
      await pause();
      const value = read(section, member, whole.at(key).at(i));
      if (value) list[i] = value;
    }
    return list;
  };
  const server = read(ServerSection, file['server'] ?? {}, whole.at('server'));
  const standIn = read(ServerSection, named, whole.at('server'));
  if (!standIn) throw new TypeError('what stands in for a server is one');
  const redis = read(RedisSection, file['redis'], whole.at('redis'));
  const admin = read(AdminSection, file['admin'], whole.at('admin'));
  return {
    server: server ?? standIn,
    ...(redis && { redis }),
    issuers: await members(IssuerSection, 'issuers'),
    callers: await members(CallerSection, 'callers'),
    ...(admin && { admin }),
    cache: read(CacheSection, file['cache'] ?? {}, whole.at('cache')) ?? { verifiedTokens: 0 },
  };
}

function ignore(): void {
  // Reported already.
}
