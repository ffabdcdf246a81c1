import type { Clock } from '../shared/clock.js';
import type { Audit } from './audit.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics/metrics.js';

/** What every part of the service may need of the process that it runs in. Parts take the members that they use: `Pick<Host, 'clock'>`. */
export interface Host {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly audit: Audit;
  readonly metrics: Metrics;
  /** Name of this process, unique among all replicas. */
  readonly replica: string;
}
