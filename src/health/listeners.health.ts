import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Lifecycle } from './lifecycle.js';

/** Up while requests are welcome: every listener is open, and nobody asked us to stop. */
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
