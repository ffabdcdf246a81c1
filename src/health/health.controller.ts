import { Controller, Get, Header, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { ConfigurationHealth, CriticalIssuersHealth, DenialsHealth, ListenersHealth } from './indicators.health.js';
import { Lifecycle } from './lifecycle.js';

/** The probes of Kubernetes (RPROBE-01). They need no credentials, so they say numbers and no names (RPROBE-03). */
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly lifecycle: Lifecycle,
    private readonly configuration: ConfigurationHealth,
    private readonly listeners: ListenersHealth,
    private readonly criticalIssuers: CriticalIssuersHealth,
    private readonly denials: DenialsHealth,
  ) {}

  /** The process answers. Nothing outside of it can make this fail: a restart would mend nothing. */
  @Get('livez')
  @Header('cache-control', 'no-store')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Send requests here. */
  @Get('readyz')
  @Header('cache-control', 'no-store')
  ready(): Promise<HealthCheckResult> {
    return this.health.check([
      () => this.configuration.check(),
      () => this.listeners.check(),
      () => this.criticalIssuers.check(),
      () => this.denials.check(),
    ]);
  }

  /** The start-up is over; the other probes may begin. */
  @Get('startupz')
  @Header('cache-control', 'no-store')
  started(): { status: 'ok' } {
    if (!this.lifecycle.isStarted) throw new ServiceUnavailableException({ status: 'starting' });
    return { status: 'ok' };
  }
}
