import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { telemetrySection } from './telemetry.section.js';
import type { Host } from './host.js';
import { Telemetry } from './telemetry.js';

/** Injection token of the {@link Host}. */
export const HOST = Symbol('Host');

/** What the process gives before anything is counted. */
export type Process = Omit<Host, 'metrics'>;

/**
 * Metrics, tracing, logs and the audit trail, for every module. The logger and the audit trail are there before the first
 * configuration is read, so the process makes them; what is exported, and where to, the first configuration decides.
 */
@Module({})
export class TelemetryModule implements OnApplicationShutdown {
  constructor(private readonly telemetry: Telemetry) {}

  static of(process: Process): DynamicModule {
    const telemetry = {
      provide: Telemetry,
      inject: [ActiveConfiguration],
      useFactory: async (configuration: ActiveConfiguration): Promise<Telemetry> => {
        const started = await Telemetry.start(configuration.of(telemetrySection), process);
        configuration.follow(telemetrySection, (section) => {
          started.configure(section);
        });
        return started;
      },
    };
    const host = {
      provide: HOST,
      inject: [Telemetry],
      useFactory: ({ metrics }: Telemetry): Host => ({ ...process, metrics }),
    };
    return { module: TelemetryModule, global: true, providers: [telemetry, host], exports: [telemetry, host] };
  }

  /** Last of all: what the others say while they stop is exported, too. */
  async onApplicationShutdown(): Promise<void> {
    await this.telemetry.stop();
  }
}
