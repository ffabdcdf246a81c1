/** Puts together what was ended before its time: denied keys and revoked tokens. */
import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { ChangeLog } from '../changes/change-log.js';
import { CHANGE_LOG } from '../changes/changes.module.js';
import type { Issuer } from '../issuers/issuer.js';
import { KeyEventReporter } from '../keys/events/key-event-reporter.js';
import { KeyManagers } from '../keys/key-managers.js';
import { KeysModule } from '../keys/keys.module.js';
import { observeKeys } from '../keys/observe-keys.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { revocationSection } from './revocation.section.js';
import { SHARED_REDIS } from '../redis/redis.module.js';
import type { SharedRedis } from '../redis/redis-connections.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { DeniedKeys, MemoryDeniedKeys } from './denied-keys.js';
import { DenyList } from './deny-list.js';
import { BothDeniedKeys } from './both-denied-keys.js';
import { LoggedDeniedKeys } from './logged-denied-keys.js';
import { DecisionEvents, OwnDecisionEvents } from './events/decision-events.js';
import { RevocationsModule } from './tokens/revocations.module.js';
import { FormerDenials } from './redis-former-denials.js';
import { writeDecision } from './written-decision.js';

/** Injection token of {@link SharedDenials}; `undefined` is injected where nothing is shared. */
const SHARED_DENIALS = Symbol('SharedDenials');

/** Decisions that replicas share, and what keeps them where the version before reads them. */
interface SharedDenials {
  readonly keys: DeniedKeys;
  readonly former: FormerDenials;
}

/** What operators have denied, in the memory of this replica, and with the other replicas where there are any. */
@Module({
  imports: [KeysModule, RevocationsModule],
  providers: [
    { provide: SHARED_DENIALS, inject: [HOST, SHARED_REDIS, CHANGE_LOG], useFactory: sharedDenialsOf },
    {
      provide: DeniedKeys,
      inject: [HOST, SHARED_DENIALS, DecisionEvents],
      useFactory: ({ clock }: Host, shared: SharedDenials | undefined, events: DecisionEvents): DeniedKeys =>
        shared?.keys ??
        new MemoryDeniedKeys(clock, (decision) => {
          if (events instanceof OwnDecisionEvents) events.add('denials', writeDecision(decision));
        }),
    },
    {
      provide: DenyList,
      inject: [HOST, DeniedKeys, KeyManagers, KeyEventReporter, SHARED_REDIS, ActiveConfiguration, CHANGE_LOG],
      useFactory: (
        { clock, audit, metrics }: Host,
        store: DeniedKeys,
        managers: KeyManagers,
        { answers }: KeyEventReporter,
        redis: SharedRedis | undefined,
        configuration: ActiveConfiguration,
        log: ChangeLog | undefined,
      ): DenyList => {
        const region = redis?.region ?? '';
        const onBlindVerdict = (): void => {
          metrics.count('assay_revocation_blind_verdicts_total', { region });
        };
        const denials = new DenyList({ store, log, clock, audit, onBlindVerdict });
        configuration.follow(revocationSection, (section) => {
          denials.knowledge.rules = section;
        });
        // Here, because a denial is one of the states of a key.
        const deniedOf = (issuer: Issuer): number => issuer.deniedKeys.size + denials.denialsOf(issuer.id).length;
        observeKeys(metrics, { sides: managers.all(), answers, deniedOf, region });
        return denials;
      },
    },
  ],
  exports: [KeysModule, DenyList, RevocationsModule],
})
export class RevocationModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly denials: DenyList,
    @Inject(SHARED_DENIALS) private readonly shared: SharedDenials | undefined,
  ) {}

  /** Waits for one bounded read of the store: a replica must not begin with keys that all others refuse. */
  async onApplicationBootstrap(): Promise<void> {
    await this.denials.start();
    await this.shared?.former.start();
  }

  onModuleDestroy(): void {
    this.shared?.former.stop();
    this.denials.stop();
  }
}

function sharedDenialsOf(
  { clock }: Host,
  redis: SharedRedis | undefined,
  log: ChangeLog | undefined,
): SharedDenials | undefined {
  if (!redis || !log) return undefined;
  const logged = new LoggedDeniedKeys({ log, clock });
  const { primary: link, reader } = redis.connections;
  const former = new FormerDenials({ link, reader, mac: redis.mac, clock, keys: logged });
  return { keys: new BothDeniedKeys(logged, former), former };
}
