import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { KeyPresence } from './key-presence.js';
import { Lifecycle } from './lifecycle.js';

/** How long readiness waits for first keys. An issuer that is down must not block a rollout (key-lifecycle 5.6). */
export const LONGEST_WAIT_FOR_KEYS_MS = 10_000;

/** Down while a critical issuer has no keys yet; degraded, which is ready, once that has lasted too long. */
@Injectable()
export class CriticalIssuersHealth {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly issuers: IssuerRegistry,
    private readonly keys: KeyPresence,
    private readonly lifecycle: Lifecycle,
  ) {}

  check(): HealthIndicatorResult {
    const indicator = this.indicators.check('critical-issuers');
    const critical = this.issuers.all().filter((issuer) => issuer.criticality === 'critical');
    const withKeys = critical.filter((issuer) => this.keys.hasKeys(issuer)).length;
    const counts = { total: critical.length, withKeys };
    if (withKeys === critical.length) return indicator.up(counts);
    return this.lifecycle.ageMs < LONGEST_WAIT_FOR_KEYS_MS ? indicator.down(counts) : indicator.degraded(counts);
  }
}
