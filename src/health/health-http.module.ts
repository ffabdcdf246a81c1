import { Module, type DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { HealthController } from './health.controller.js';
import { ConfigurationHealth, CriticalIssuersHealth, DenialsHealth, ListenersHealth } from './indicators.health.js';
import { Lifecycle } from './lifecycle.js';
import { type DenialsPresence, type KeyPresence, Readiness } from './readiness.js';

/** What the probes report on. */
export interface HealthSources {
  readonly lifecycle: Lifecycle;
  readonly issuers: IssuerRegistry;
  readonly keys: KeyPresence;
  readonly denials: DenialsPresence;
}

/** `/livez`, `/readyz` and `/startupz` for the management listener. */
@Module({})
export class HealthHttpModule {
  static over({ lifecycle, issuers, keys, denials }: HealthSources): DynamicModule {
    return {
      module: HealthHttpModule,
      // A failing probe is an answer, not an event: whoever probes will say so.
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [
        { provide: Lifecycle, useValue: lifecycle },
        { provide: IssuerRegistry, useValue: issuers },
        { provide: Readiness, useValue: new Readiness(lifecycle, issuers, keys, denials) },
        ConfigurationHealth,
        ListenersHealth,
        CriticalIssuersHealth,
        DenialsHealth,
      ],
    };
  }
}
