import { Module } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { RecordMac } from '../redis/record-mac.js';
import { RedisModule, SHARED_REDIS } from '../redis/redis.module.js';
import type { SharedRedis } from '../redis/redis-connections.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { DpopNonces } from './dpop-nonces.js';
import { ProofChecker } from './proof-checker.js';
import { ProofReplay } from './proof-replay.js';
import { RedisProofUses } from './redis-proof-uses.js';

/** Checks what clients prove besides their token. */
@Module({
  imports: [RedisModule],
  providers: [
    {
      provide: ProofChecker,
      inject: [HOST, SHARED_REDIS],
      useFactory: ({ clock, metrics }: Host, redis?: SharedRedis): ProofChecker => {
        const shared = redis && new RedisProofUses(redis.connections.primary, redis.names);
        const replay = new ProofReplay({ clock, metrics, shared });
        metrics.watch(['assay_proof_uses_remembered'], (observe) => {
          observe('assay_proof_uses_remembered', replay.size, {});
        });
        return new ProofChecker({ clock, replay, nonces: new DpopNonces(redis?.mac ?? ownMac(), clock) });
      },
    },
  ],
  exports: [ProofChecker],
})
export class ProofsModule {}

/** Where nothing is shared, this process alone can read the nonces that it gives. */
function ownMac(): RecordMac {
  return new RecordMac('', [{ id: 'process', secret: randomBytes(32).toString('base64') }]);
}
