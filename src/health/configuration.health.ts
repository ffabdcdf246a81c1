import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { IssuerRegistry } from '../issuers/issuer-registry.js';

/**
 * What is configured, as numbers: a probe names nobody (RPROBE-03). Always up, because without a valid configuration
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
