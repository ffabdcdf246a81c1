import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
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
