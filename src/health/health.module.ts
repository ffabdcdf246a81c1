import { Module } from '@nestjs/common';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { KeyManager } from '../keys/key-manager.js';
import { DenyList } from '../revocation/deny-list.js';
import { Revocations } from '../revocation/tokens/revocations.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { Lifecycle } from './lifecycle.js';
import { DenialsPresence, Readiness } from './readiness.js';

/** Where the process stands between start and stop, and whether requests are welcome. */
@Module({
  imports: [RevocationModule],
  providers: [
    { provide: Lifecycle, inject: [HOST], useFactory: ({ clock }: Host): Lifecycle => new Lifecycle(clock) },
    {
      provide: DenialsPresence,
      inject: [DenyList, Revocations],
      useFactory: (denials: DenyList, revocations: Revocations): DenialsPresence => ({
        get isReady(): boolean {
          return denials.knowledge.isReady && revocations.knowledge.isReady;
        },
      }),
    },
    {
      provide: Readiness,
      inject: [HOST, Lifecycle, IssuerRegistry, KeyManager, DenialsPresence],
      useFactory: (
        { metrics }: Host,
        lifecycle: Lifecycle,
        issuers: IssuerRegistry,
        keys: KeyManager,
        denials: DenialsPresence,
      ): Readiness => {
        const readiness = new Readiness(lifecycle, issuers, keys, denials);
        metrics.watch(['assay_ready'], (observe) => {
          observe('assay_ready', Number(readiness.isReady), {});
        });
        return readiness;
      },
    },
  ],
  exports: [Lifecycle, Readiness, DenialsPresence],
})
export class HealthModule {}
