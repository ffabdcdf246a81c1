/** Puts together what is watched of issuers, keys, callers, rights and admin tokens, and what auditors ask about them. */
import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CallersModule } from '../callers/callers.module.js';
import { CallerDirectory } from '../callers/registration/caller-directory.js';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { KeyManager } from '../keys/key-manager.js';
import { DenyList } from '../revocation/deny-list.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { SHARED_REDIS } from '../redis/redis.module.js';
import type { SharedRedis } from '../redis/redis-connections.js';
import { sealedStoreParts } from '../redis/sealed-store.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { RequestObserver } from '../transport/request-observer.js';
import { TransportModule } from '../transport/transport.module.js';
import { AdminUses } from './admin-uses.js';
import { CallerActivity } from './caller-activity.js';
import { HygieneReport } from './hygiene-report.js';
import { hygieneSection } from './hygiene.section.js';
import { RedisSharedCounts } from './redis-shared-counts.js';
import { RedisSharedUses } from './redis-shared-uses.js';
import { UseCounter } from './use-counter.js';
import { UseWatch } from './use-watch.js';
import { watchableConfiguration } from './watchable-configuration.js';

/** What auditors of machine identities ask: which issuers, keys, callers and rights are used, and what ends or lives too long. */
@Module({
  imports: [CallersModule, TransportModule, RevocationModule],
  providers: [
    UseCounter,
    AdminUses,
    {
      provide: UseWatch,
      inject: [HOST, UseCounter, RequestObserver, IssuerRegistry, KeyManager, CallerDirectory, AdminUses, SHARED_REDIS],
      useFactory: (
        host: Host,
        counter: UseCounter,
        observer: RequestObserver,
        issuers: IssuerRegistry,
        keys: KeyManager,
        callers: CallerDirectory,
        admins: AdminUses,
        redis: SharedRedis | undefined,
      ): UseWatch => {
        const { clock } = host;
        const shared = redis && new RedisSharedUses({ ...sealedStoreParts(redis, host), clock });
        const takeCallers = observer.takeCallers.bind(observer);
        const watchable = watchableConfiguration({ issuers, keys, callers, admins });
        return new UseWatch({ counter, takeCallers, admins, watchable, shared, clock });
      },
    },
    {
      provide: CallerActivity,
      inject: [HOST, UseCounter, RequestObserver, SHARED_REDIS],
      useFactory: (
        host: Host,
        { callers: counter }: UseCounter,
        observer: RequestObserver,
        redis: SharedRedis | undefined,
      ): CallerActivity => {
        const { clock, replica } = host;
        const shared = redis && new RedisSharedCounts(sealedStoreParts(redis, host));
        const takeLimited = observer.takeLimited.bind(observer);
        return new CallerActivity({ counter, takeLimited, shared, clock, replica });
      },
    },
    {
      provide: HygieneReport,
      inject: [HOST, UseWatch, IssuerRegistry, KeyManager, CallerDirectory, AdminUses, DenyList, ActiveConfiguration],
      useFactory: (
        host: Host,
        watch: UseWatch,
        issuers: IssuerRegistry,
        keys: KeyManager,
        callers: CallerDirectory,
        admins: AdminUses,
        denials: DenyList,
        configuration: ActiveConfiguration,
      ): HygieneReport => {
        const terms = () => configuration.of(hygieneSection);
        const report = new HygieneReport({ watch, issuers, keys, callers, admins, denials, terms, host });
        measure(report, host);
        return report;
      },
    },
  ],
  exports: [UseCounter, AdminUses, UseWatch, CallerActivity, HygieneReport],
})
export class HygieneModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly watch: UseWatch,
    private readonly activity: CallerActivity,
  ) {}

  onApplicationBootstrap(): void {
    this.watch.start();
    this.activity.start();
  }

  /** After the last verdict, and before Redis is left. */
  async onApplicationShutdown(): Promise<void> {
    this.activity.stop();
    await this.watch.stop();
  }
}

function measure(report: HygieneReport, { metrics }: Pick<Host, 'metrics'>): void {
  metrics.watch(['assay_hygiene_findings', 'assay_hygiene_watched_since_timestamp_seconds'], (observe) => {
    const { counts, sinceMs } = report.figures();
    for (const [kind, count] of counts) observe('assay_hygiene_findings', count, { kind });
    if (sinceMs !== undefined) observe('assay_hygiene_watched_since_timestamp_seconds', sinceMs / 1_000, {});
  });
}
