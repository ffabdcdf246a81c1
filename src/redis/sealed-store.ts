/** Puts together what every store of sealed values in Redis works with, so that each counts alike what it does not believe. */
import type { Host } from '../telemetry/host.js';
import type { RecordMac, RecordRefusal } from './record-mac.js';
import type { SharedRedis } from './redis-connections.js';
import type { RedisLink } from './redis-link.js';
import type { RedisNames } from './redis-names.js';

/** What a store of sealed values works with. */
export interface SealedStoreParts {
  readonly link: RedisLink;
  readonly names: RedisNames;
  readonly mac: RecordMac;
  /** Called for each value that is not believed. */
  readonly onRefused: (reason: RecordRefusal) => void;
}

/** The parts of a store whose values are of no single issuer. */
export function sealedStoreParts(
  { connections, names, mac, region }: SharedRedis,
  { metrics }: Pick<Host, 'metrics'>,
): SealedStoreParts {
  const onRefused = (reason: RecordRefusal): void => {
    metrics.count('assay_jwks_mac_failure_total', { issuer: '', region, reason });
  };
  return { link: connections.primary, names, mac, onRefused };
}
