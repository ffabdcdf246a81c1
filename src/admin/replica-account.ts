import { isJsonObject, type JsonValue } from '../shared/json-value.js';

/** How the shared store is, seen from one replica. */
export type StoreState = 'none' | 'reachable' | 'away';

/** What a replica says about itself, for operators: no verdict follows from it. */
export interface ReplicaAccount {
  readonly version: string;
  /** SHA-256 of the configuration in force, in hexadecimal. */
  readonly configuration: string;
  /** Wall times, milliseconds since the epoch. */
  readonly configuredAtMs: number;
  readonly startedAtMs: number;
  readonly store: StoreState;
  /** How far the clock of the store is ahead of that of the replica, at least; absent without a store, and for earlier versions. */
  readonly clockSkewMs?: number;
  readonly memoryBytes: number;
  /** How late the event loop was lately. */
  readonly loopDelayMs: number;
}

const stores: ReadonlySet<unknown> = new Set<StoreState>(['none', 'reachable', 'away']);

/** What a replica has written. @returns `undefined` for anything else: earlier versions say nothing, and others may be able to write there */
export function readReplicaAccount(value: JsonValue | undefined): ReplicaAccount | undefined {
  if (!isJsonObject(value)) return undefined;
  const { version, configuration, configuredAtMs, startedAtMs, store, clockSkewMs, memoryBytes, loopDelayMs } = value;
  const isSound =
    typeof version === 'string' &&
    /^[\w.+-]{1,40}$/.test(version) &&
    typeof configuration === 'string' &&
    /^[\da-f]{0,64}$/.test(configuration) &&
    stores.has(store) &&
    (clockSkewMs === undefined || (typeof clockSkewMs === 'number' && isQuantity(Math.abs(clockSkewMs)))) &&
    [configuredAtMs, startedAtMs, memoryBytes, loopDelayMs].every(isQuantity);
  return isSound ? (value as unknown as ReplicaAccount) : undefined;
}

/** As milliseconds, a time that every date can show. */
function isQuantity(value: JsonValue | undefined): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1e13;
}
