import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { telemetrySection } from './telemetry.section.js';
import type { Audit } from './audit.js';
import type { Host } from './host.js';
import type { Metrics } from './metrics/metrics.js';
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
        observeAudit(started.metrics, process.audit);
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

/** What is missing in the audit trail is not to be found in the trail alone. */
function observeAudit(metrics: Metrics, audit: Audit): void {
  metrics.watch(['assay_audit_lost_total', 'assay_audit_unwritable'], (observe) => {
    const { dropped, unwritten, isUnwritable } = audit.state;
    observe('assay_audit_lost_total', dropped, { kind: 'dropped' });
    observe('assay_audit_lost_total', unwritten, { kind: 'unwritten' });
    observe('assay_audit_unwritable', Number(isUnwritable), {});
  });
}
