import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { RecordRefusal } from '../redis/record-mac.js';
import { RedisModule, SHARED_REDIS } from '../redis/redis.module.js';
import type { SharedRedis } from '../redis/redis-connections.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { ChangeLog } from './change-log.js';
import type { ChangeKind } from './change-store.js';
import { RedisChangeStore } from './redis-change-store.js';

/** Injection token of {@link ChangeLog}; `undefined` is injected where nothing is shared. */
export const CHANGE_LOG = Symbol('ChangeLog');

/** What replicas tell each other, in one order. */
@Module({
  imports: [RedisModule],
  providers: [{ provide: CHANGE_LOG, inject: [HOST, SHARED_REDIS], useFactory: changeLogOf }],
  exports: [RedisModule, CHANGE_LOG],
})
export class ChangesModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(@Inject(CHANGE_LOG) private readonly log: ChangeLog | undefined) {}

  /** Waits for one bounded reading: a replica must not begin with keys that all others refuse. */
  async onApplicationBootstrap(): Promise<void> {
    await this.log?.start();
  }

  onModuleDestroy(): void {
    this.log?.stop();
  }
}

function changeLogOf({ clock, logger, audit, metrics }: Host, redis: SharedRedis | undefined): ChangeLog | undefined {
  if (!redis) return undefined;
  const { connections, mac, names, region } = redis;
  const { primary, reader } = connections;
  const onRefused = (kind: ChangeKind, reason: RecordRefusal, isNews: boolean): void => {
    metrics.count('assay_jwks_mac_failure_total', { issuer: '', region, reason });
    if (!isNews) return;
    logger.error({ kind, reason }, 'entry of the shared change log rejected; check who may write to Redis');
    audit.record('record_refused', { kind, reason });
  };
  const log = new ChangeLog({ store: new RedisChangeStore({ primary, reader, names }), mac, clock, onRefused });
  metrics.watch(['assay_change_log_read_age_seconds'], (observe) => {
    const { readAgoMs } = log;
    if (readAgoMs !== undefined) observe('assay_change_log_read_age_seconds', readAgoMs / 1_000, { region });
  });
  return log;
}
