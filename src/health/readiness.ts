/** Decides whether this replica is ready for requests: one answer for HTTP and for gRPC. */
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { Issuer } from '../issuers/issuer.js';
import type { Lifecycle } from './lifecycle.js';

/** Says whether tokens of an issuer can be verified now. Health asks nothing else of the keys. */
export abstract class KeyPresence {
  /** Whether there is a key set of `issuer` that may still be trusted. */
  abstract hasKeys(issuer: Issuer): boolean;
}

/** Says whether it is known what was denied and revoked. Health asks nothing else of revocation. */
export abstract class DenialsPresence {
  /** Whether requests may be answered, as far as denials and revocations are concerned. */
  abstract get isReady(): boolean;
}

/** How long readiness waits for first keys. An issuer that is down must not block a rollout. */
export const LONGEST_WAIT_FOR_KEYS_MS = 10_000;

/** How the critical issuers are, as numbers: a probe shows no names (RPROBE-03). */
export interface CriticalIssuers {
  readonly state: 'up' | 'degraded' | 'down';
  readonly total: number;
  readonly withKeys: number;
}

/** Whether requests are welcome: one answer for `/readyz` and for `grpc.health.v1`. */
export class Readiness {
  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly issuers: IssuerRegistry,
    private readonly keys: KeyPresence,
    private readonly denials: DenialsPresence,
  ) {}

  get isReady(): boolean {
    return this.lifecycle.phase === 'serving' && this.criticalIssuers().state !== 'down' && this.areDenialsKnown;
  }

  /** A replica that never read what is denied and revoked must not answer beside others that refuse them. */
  get areDenialsKnown(): boolean {
    return this.denials.isReady;
  }

  /** Down while one of them has no keys yet; degraded, which is ready, once that has lasted too long. */
  criticalIssuers(): CriticalIssuers {
    const critical = this.issuers.all().filter((issuer) => issuer.criticality === 'critical');
    const withKeys = critical.filter((issuer) => this.keys.hasKeys(issuer)).length;
    const waits = this.lifecycle.ageMs < LONGEST_WAIT_FOR_KEYS_MS;
    const state = withKeys === critical.length ? 'up' : waits ? 'down' : 'degraded';
    return { state, total: critical.length, withKeys };
  }
}
