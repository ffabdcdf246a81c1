import { AdminSection } from '../admin/admin.config.js';
import { CallerSection } from '../callers/registration/callers.config.js';
import { IssuerSection } from '../issuers/issuers.config.js';
import { RedisSection } from '../redis/redis.config.js';
import { ListOf, Section } from '../shared/configuration/composite-fields.js';
import { TelemetrySection } from '../telemetry/telemetry.config.js';
import { CacheSection } from '../verification/cache.config.js';
import { ServerSection } from '../transport/server.config.js';

/** The whole file: the sections that the features own, in one place. Immutable once loaded. */
export class Configuration {
  @Section('this service: its own name, and where it listens', () => ServerSection, { default: {} })
  readonly server!: ServerSection;

  @Section('the store that replicas share; absent: one process, in memory', () => RedisSection)
  readonly redis?: RedisSection;

  @ListOf('the issuers whose tokens are accepted', () => IssuerSection, { required: true })
  readonly issuers!: readonly IssuerSection[];

  @ListOf('the services that may ask', () => CallerSection, { required: true })
  readonly callers!: readonly CallerSection[];

  @Section('who may use the admin API; absent: it answers on loopback only, and changes nothing', () => AdminSection)
  readonly admin?: AdminSection;

  @Section('what is remembered between requests', () => CacheSection, { default: {} })
  readonly cache!: CacheSection;

  @Section('what the service says about itself', () => TelemetrySection, { default: {} })
  readonly telemetry!: TelemetrySection;
}
