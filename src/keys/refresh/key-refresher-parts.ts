import type { Host } from '../../telemetry/host.js';
import type { KeyEvents } from '../events/key-events.js';
import type { KeySource } from '../source/key-source.js';
import type { KeyStore } from '../store/key-store.js';
import type { LocalRecord } from './local-record.js';

/** What a `KeyRefresher` works with. */
export interface KeyRefresherParts extends Pick<Host, 'clock'> {
  readonly local: LocalRecord;
  readonly source: KeySource;
  readonly store: KeyStore;
  readonly events: KeyEvents;
}
