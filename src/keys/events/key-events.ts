/** Everything that can happen to keys, as one list from which logs, metrics and the audit trail are made. */
import type { JwkDefectReason } from '../../tokens/jwk-defect.js';
import type { KeyChange } from '../record/key-changes.js';
import type { FetchStage, KeyFetchCategory } from '../source/key-fetch-failure.js';
import type { CommitVerdict, FetchDenied, FetchKind } from '../store/key-store.js';
import type { CertificateDoubt } from '../../tokens/certificate-doubt.js';
import type { DropReason, KeySetAccount } from '../source/key-set-account.js';
import type { AnswerSize, KeySetMoved } from '../source/key-source.js';
import type { RecordRefusal } from '../../redis/record-mac.js';

/** Reasons that mean that key material is public which never may be (R7517-09). */
export const alarmingReasons: ReadonlySet<DropReason> = new Set<JwkDefectReason>(['private_material', 'symmetric']);

/** Why keys were fetched. A fixed set, for a metric's label. */
export const fetchReasons = [
  'refresh', // the schedule
  'miss', // a token named a key that was not known
  'confirm', // something had to be settled, or an operator asked
  'cold', // there were no keys to trust
  'auto', // this replica decided alone
] as const satisfies readonly (FetchKind | 'cold' | 'auto')[];

/** One of {@link fetchReasons}. */
export type FetchReason = (typeof fetchReasons)[number];

/** What came of a token that names a key that is not known. A fixed set, for a metric's label. */
export const missOutcomes = [
  'resolved', // the key is known now
  'absent', // the keys were fetched, and it is not among them
  'failed', // the fetch failed, or did not end in time
  'limited', // the budget for unknown keys is spent
  'backoff', // the issuer failed lately
  'gated', // another request asked a moment ago
  'shed', // too many wait already
] as const;

/** One of {@link missOutcomes}. */
export type MissOutcome = (typeof missOutcomes)[number];

/** What happens to keys, for logs, audit and metrics. `issuerId` is the configured short id. */
export type KeyEvent =
  | {
      /** One fetch from an issuer ended. */
      readonly event: 'fetched';
      readonly issuerId: string;
      readonly kind: FetchReason;
      readonly result: 'published' | 'unchanged' | KeyFetchCategory;
      readonly tookMs: number;
      readonly size?: AnswerSize;
      /** For operators; a constant sentence. */
      readonly detail?: string;
      /** Where it failed: host, and what the fetch was at. */
      readonly host?: string;
      readonly stage?: FetchStage;
      /** The issuer that metadata names instead of the registered one, as it may be shown. */
      readonly named?: string;
    }
  | ({
      /** A key came or went. */
      readonly event: 'key';
      readonly issuerId: string;
      /** Wall time, milliseconds since the epoch. */
      readonly firstSeenAtMs: number;
      /** Wall time of the latest fetch that saw the key published, milliseconds since the epoch. */
      readonly lastSeenAtMs: number;
      /** Which keys were accepted before, see `key-freshness.ts`; absent where there were none yet. */
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
      /** Keys of a published set are used, but what is published beside them does not fit. */
      readonly event: 'doubted';
      readonly issuerId: string;
      readonly reason: CertificateDoubt;
      readonly count: number;
    }
  | KeySetMoved
  | {
      /** A record that replicas share is not believed: others write to the store, or replicas have different keys. */
      readonly event: 'record_refused';
      readonly issuerId: string;
      readonly reason: RecordRefusal;
    }
  | {
      /** A token named a key that is not known, while the issuer's keys can be trusted. */
      readonly event: 'missed';
      readonly issuerId: string;
      readonly outcome: MissOutcome;
    }
  | {
      /** A request found no keys that may be trusted. */
      readonly event: 'unavailable';
      readonly issuerId: string;
      readonly reason: 'cold' | 'expired';
    }
  | {
      /** A request did not wait for a fetch, because too many do. */
      readonly event: 'shed';
      readonly issuerId: string;
    }
  | {
      /** The keys of another record are in use here. */
      readonly event: 'adopted';
      readonly issuerId: string;
      /** Since the start of the fetch that saw them. */
      readonly afterMs: number;
    }
  | {
      /** A record was brought to the store. */
      readonly event: 'committed';
      readonly issuerId: string;
      readonly verdict: CommitVerdict;
    }
  | {
      /** A key is not accepted any more with which tokens were signed a moment ago. */
      readonly event: 'removed_in_use';
      readonly issuerId: string;
      readonly thumbprint: string;
      readonly usedAgoMs: number;
    }
  | {
      /** Issuers of one name publish one key: tokens that it signs are of the first of them in the file, and of no other. */
      readonly event: 'key_contested';
      /** The one that does not get it. */
      readonly issuerId: string;
      readonly ownerId: string;
      readonly thumbprint: string;
    }
  | {
      /** Half of the keys or more went with one fetch. */
      readonly event: 'mass_removal';
      readonly issuerId: string;
      readonly removed: number;
      readonly left: number;
    }
  | {
      /** The shared store does not answer, and this replica decides alone; or it answers again. */
      readonly event: 'autonomous';
      readonly entered: boolean;
      /** How many replicas share the budget of fetches then. */
      readonly replicas: number;
    }
  | {
      /** The shared store's clock and ours are too far apart for ages to be shared, or close to each other again. */
      readonly event: 'clocks_apart';
      readonly entered: boolean;
      /** How far the store's clock is ahead of ours, at least. */
      readonly skewMs: number;
    }
  | {
      /** The shared store has permitted no fetch for so long that this replica has permitted itself one. */
      readonly event: 'permits_withheld';
      readonly issuerId: string;
      /** What the store said last. */
      readonly verdict: FetchDenied['verdict'];
      readonly waitedMs: number;
    };

/** The event of this name. */
export type KeyEventOf<Name extends KeyEvent['event']> = Extract<KeyEvent, { readonly event: Name }>;

/** Takes reports of everything that happens to keys. Must not throw. */
export abstract class KeyEvents {
  abstract report(event: KeyEvent): void;
}

/** Reports what of a published set is not used, and what is odd about it. */
export function reportAccount(
  { dropped, doubted = new Map() }: KeySetAccount,
  issuerId: string,
  events: KeyEvents,
): void {
  for (const [reason, count] of dropped) events.report({ event: 'dropped', issuerId, reason, count });
  for (const [reason, count] of doubted) events.report({ event: 'doubted', issuerId, reason, count });
}
