import type { JwkDefectReason } from '../tokens/jwk-defect.js';
import type { KeyChange } from './key-changes.js';
import type { KeyFetchCategory } from './source/key-fetch-failure.js';
import type { LookKind } from './store/key-store.js';
import type { DropReason } from './source/key-source.js';
import type { RecordRefusal } from './store/record-refusal.js';

/** Reasons that mean that key material is public which never may be (R7517-09). */
export const alarmingReasons: ReadonlySet<DropReason> = new Set<JwkDefectReason>(['private_material', 'symmetric']);

/** What happens to keys, for logs, audit and metrics. `issuerId` is the configured short id. */
export type KeyEvent =
  | {
      /** One look at an issuer ended. */
      readonly event: 'looked';
      readonly issuerId: string;
      readonly kind: LookKind;
      readonly result: 'published' | 'unchanged' | KeyFetchCategory;
      readonly tookMs: number;
      /** For operators; a constant sentence. */
      readonly detail?: string;
    }
  | ({
      /** A key came or went. */
      readonly event: 'key';
      readonly issuerId: string;
      /** Wall time, milliseconds since the epoch. */
      readonly firstSeenAtMs: number;
      /** Wall time of the latest look that saw the key published, milliseconds since the epoch. */
      readonly lastSeenAtMs: number;
      /** Says which keys were accepted before, see `key-freshness.ts`; absent where there were none yet. */
      readonly digestBefore?: string;
      readonly digestAfter: string;
    } & Pick<KeyChange, 'change' | 'thumbprint'>)
  | {
      /** Entries of a published set are not used. */
      readonly event: 'dropped';
      readonly issuerId: string;
      readonly reason: DropReason;
      readonly count: number;
    }
  | {
      /** The metadata names another key set than before. */
      readonly event: 'key_set_moved';
      readonly issuerId: string;
      /** Masked. */
      readonly from: string;
      /** Masked. */
      readonly to: string;
    }
  | {
      /** A record that replicas share is not believed. Somebody else writes to the store, or replicas have different keys. */
      readonly event: 'record_refused';
      readonly issuerId: string;
      readonly reason: RecordRefusal;
    }
  | {
      /** The shared store does not answer, and this replica decides alone; or it answers again. */
      readonly event: 'autonomous';
      readonly entered: boolean;
      /** How many replicas share the budget of looking then. */
      readonly replicas: number;
    }
  | {
      /** The shared store's clock and ours differ by more than they should: keys look older or younger than they are. */
      readonly event: 'clocks_apart';
      /** How far the store's clock has moved ahead of ours. */
      readonly skewMs: number;
    };

/** Hears everything that happens to keys. Must not throw. */
export abstract class KeyEvents {
  abstract note(event: KeyEvent): void;
}
