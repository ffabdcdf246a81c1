import { Module, type DynamicModule } from '@nestjs/common';
import { AdminModule } from '../admin/admin.module.js';
import { MeteredReloads, ReloadObserver } from '../config/reload-observer.js';
import { GatewayModule } from '../gateway/gateway.module.js';
import { HealthModule } from '../health/health.module.js';
import { IntrospectionModule } from '../introspection/introspection.module.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { SignalsModule } from '../signals/signals.module.js';
import type { Host } from '../telemetry/host.js';
import { HOST, TelemetryModule, type Process } from '../telemetry/telemetry.module.js';
import { TransportModule } from '../transport/transport.module.js';
import { Listeners } from './listeners.js';

/** The configuration in force, for every module: each follows the sections that are its own. */
@Module({})
class ConfigurationModule {
  /** @param configuration what was loaded at the start; the process replaces it when the file changes */
  static of(configuration: ActiveConfiguration): DynamicModule {
    const active = { provide: ActiveConfiguration, useValue: configuration };
    return { module: ConfigurationModule, global: true, providers: [active], exports: [active] };
  }
}

/**
 * The whole service: an application context whose modules are the features. Nest starts a module after those that it imports,
 * and stops it before them. Each module is the one owner of its lifecycle hooks; the listeners open and close around them
 * all ({@link Listeners}).
 */
@Module({})
export class AssayModule {
  /**
   * @param process clock, logger, audit trail and name of this process
   * @param configuration what was loaded at the start
   */
  static of(process: Process, configuration: ActiveConfiguration): DynamicModule {
    return {
      module: AssayModule,
      imports: [
        ConfigurationModule.of(configuration),
        TelemetryModule.of(process),
        TransportModule,
        SignalsModule,
        IntrospectionModule,
        GatewayModule,
        HealthModule,
        AdminModule,
      ],
      providers: [
        Listeners,
        {
          provide: ReloadObserver,
          inject: [HOST, ActiveConfiguration],
          useFactory: ({ metrics, clock }: Host, active: ActiveConfiguration): ReloadObserver =>
            new MeteredReloads(metrics, clock, active),
        },
      ],
    };
  }
}
