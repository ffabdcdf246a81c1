import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { serverSection } from './server.section.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { Telemetry } from '../telemetry/telemetry.js';
import { Drain } from './http/drain.js';
import { MeasuredMeanDelay, Overload } from './overload.js';

import { RequestObserver } from './request-observer.js';
import { TrustedProxies } from './trusted-proxies.js';

/** What the listeners for callers have in common, whatever they speak. */
@Module({
  providers: [
    Drain,
    {
      provide: TrustedProxies,
      inject: [ActiveConfiguration],
      useFactory: (configuration: ActiveConfiguration): TrustedProxies =>
        new TrustedProxies(configuration.of(serverSection).trustedProxies),
    },
    {
      provide: Overload,
      inject: [HOST, ActiveConfiguration],
      useFactory: ({ clock, metrics }: Host, configuration: ActiveConfiguration): Overload => {
        const limitMs = configuration.of(serverSection).limits.eventLoopDelay;
        const overload = new Overload(clock, new MeasuredMeanDelay(), limitMs);
        metrics.watch(['assay_event_loop_delay_seconds'], (observe) => {
          observe('assay_event_loop_delay_seconds', overload.delayMs / 1_000, {});
        });
        return overload;
      },
    },
    {
      provide: RequestObserver,
      inject: [HOST, Telemetry, TrustedProxies],
      useFactory: ({ clock }: Host, telemetry: Telemetry, trusted: TrustedProxies): RequestObserver =>
        new RequestObserver({ clock, telemetry, trusted }),
    },
  ],
  exports: [Drain, TrustedProxies, Overload, RequestObserver],
})
export class TransportModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly overload: Overload) {}

  onApplicationBootstrap(): void {
    this.overload.start();
  }

  onModuleDestroy(): void {
    this.overload.stop();
  }
}
