/** What probes ask about, each as an indicator of its own. */
import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { Lifecycle } from './lifecycle.js';
import { Readiness } from './readiness.js';

/** Whether the keys of all critical issuers are known. */
@Injectable()
export class CriticalIssuersHealth {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly readiness: Readiness,
  ) {}

  check(): HealthIndicatorResult {
    const indicator = this.indicators.check('critical-issuers');
    const { state, ...counts } = this.readiness.criticalIssuers();
    if (state === 'down') return indicator.down(counts);
    return state === 'up' ? indicator.up(counts) : indicator.degraded(counts);
  }
}

/** Whether it is known what was denied and revoked, or need not be. */
@Injectable()
export class DenialsHealth {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly readiness: Readiness,
  ) {}

  check(): HealthIndicatorResult {
    const indicator = this.indicators.check('denials');
    return this.readiness.areDenialsKnown
      ? indicator.up()
      : indicator.down({ reason: 'not read yet, or not for too long' });
  }
}

/** Up while requests are welcome: every listener is open, and the process was not asked to stop. */
@Injectable()
export class ListenersHealth {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly lifecycle: Lifecycle,
  ) {}

  check(): HealthIndicatorResult {
    const indicator = this.indicators.check('listeners');
    const { phase } = this.lifecycle;
    return phase === 'serving' ? indicator.up() : indicator.down({ phase });
  }
}

/**
 * What is configured, as numbers: a probe shows no names (RPROBE-03). Always up, because without a valid configuration
 * the process does not start, and a bad change leaves the valid one in place.
 */
@Injectable()
export class ConfigurationHealth {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly issuers: IssuerRegistry,
  ) {}

  check(): HealthIndicatorResult {
    return this.indicators.check('configuration').up({ issuers: this.issuers.all().length });
  }
}
