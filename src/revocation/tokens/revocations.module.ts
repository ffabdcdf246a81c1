import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { ChangeLog } from '../../changes/change-log.js';
import { CHANGE_LOG, ChangesModule } from '../../changes/changes.module.js';
import { IssuerRegistry } from '../../issuers/issuer-registry.js';
import { IssuersModule } from '../../issuers/issuers.module.js';
import { registrationOf } from '../../issuers/subject-scope.js';
import { DecisionEvents, OwnDecisionEvents } from '../events/decision-events.js';
import { EventsModule } from '../events/events.module.js';
import { SHARED_REDIS } from '../../redis/redis.module.js';
import type { SharedRedis } from '../../redis/redis-connections.js';
import { ActiveConfiguration } from '../../shared/configuration/active-configuration.js';
import type { Host } from '../../telemetry/host.js';
import { HOST } from '../../telemetry/telemetry.module.js';
import type { Metrics } from '../../telemetry/metrics/metrics.js';
import { revocationSection } from '../revocation.section.js';
import { KnownRevocations } from './known-revocations.js';
import { LoggedRevocations } from './logged-revocations.js';
import { revocationKinds, type Revocation } from './revocation.js';
import { Revocations } from './revocations.js';
import { SharedRevocations, UnsharedRevocations } from './shared-revocations.js';
import { writeRevocation } from './written-revocation.js';

/** What was revoked of tokens, in the memory of this replica, and with the other replicas where there are any. */
@Module({
  imports: [ChangesModule, EventsModule, IssuersModule],
  providers: [
    KnownRevocations,
    {
      provide: SharedRevocations,
      inject: [HOST, KnownRevocations, CHANGE_LOG, DecisionEvents],
      useFactory: (
        { clock }: Host,
        known: KnownRevocations,
        log: ChangeLog | undefined,
        events: DecisionEvents,
      ): SharedRevocations => {
        if (log) return new LoggedRevocations({ log, known, clock });
        const onDecision = (decision: Revocation): void => {
          if (events instanceof OwnDecisionEvents) events.add('revocations', writeRevocation(decision));
        };
        return new UnsharedRevocations({ known, clock, onDecision });
      },
    },
    {
      provide: Revocations,
      inject: [
        HOST,
        KnownRevocations,
        SharedRevocations,
        SHARED_REDIS,
        ActiveConfiguration,
        CHANGE_LOG,
        IssuerRegistry,
      ],
      useFactory: (
        { clock, audit, metrics }: Host,
        known: KnownRevocations,
        shared: SharedRevocations,
        redis: SharedRedis | undefined,
        configuration: ActiveConfiguration,
        log: ChangeLog | undefined,
        issuers: IssuerRegistry,
      ): Revocations => {
        const region = redis?.region ?? '';
        const onBlindVerdict = (): void => {
          metrics.count('assay_revocation_blind_verdicts_total', { region });
        };
        const registrations = (): ReadonlySet<string> => new Set(issuers.all().map(registrationOf));
        const parts = { known, shared, log, registrations, clock, audit, onBlindVerdict };
        const revocations = new Revocations(parts);
        configuration.follow(revocationSection, (section) => {
          revocations.knowledge.rules = section;
          log?.readEvery(section.poll);
        });
        observeRevocations(metrics, known, issuers);
        return revocations;
      },
    },
  ],
  exports: [EventsModule, Revocations, KnownRevocations],
})
export class RevocationsModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly shared: SharedRevocations) {}

  onApplicationBootstrap(): void {
    this.shared.start();
  }

  onModuleDestroy(): void {
    this.shared.stop();
  }
}

function observeRevocations(metrics: Metrics, { counts }: KnownRevocations, issuers: IssuerRegistry): void {
  metrics.watch(['assay_revocations', 'assay_revocations_quota'], (observe) => {
    const quotas = new Map(issuers.all().map((issuer) => [registrationOf(issuer), issuer.revocation.quota]));
    for (const [issuer, kinds] of counts.entries()) {
      for (const kind of revocationKinds) observe('assay_revocations', kinds[kind], { issuer, kind });
      const quota = quotas.get(issuer);
      if (quota !== undefined) observe('assay_revocations_quota', quota, { issuer });
    }
  });
}
