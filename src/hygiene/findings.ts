/** Says what there may be to find, and in what: the words that the API, the console, the command line and the metrics share. */
import type { KeyStrength } from '../tokens/key-strength.js';
import type { HygieneSection } from './hygiene.section.js';
import type { UseRecord, Watched } from './use-record.js';

/** The kinds of findings, in the order in which they are shown. A fixed set: it is a label of a metric. */
export const findingKinds = [
  'secret_ending', // a secret of a caller ends soon, or has ended and is still in the file
  'secret_shared', // several callers have the same secret
  'rotation_overdue', // an issuer has published no new key for too long
  'key_strength_low', // an issuer publishes a key of less strength than is asked for
  'long_lived_tokens', // tokens of an issuer live too long
  'foreign_audience', // a caller asks about tokens for audiences that it was not granted
  'decision_endless', // a key is denied, without an end
  'key_unused', // an issuer publishes a key that signs nothing
  'key_set_broad', // an issuer publishes more keys at once than are asked for
  'algorithm_unused', // an issuer may use an algorithm that it does not use
  'lifetime_loose', // an issuer may sign tokens that live much longer than those that it signs
  'issuer_unused', // no good token of an issuer was seen
  'caller_unused', // a caller does not ask
  'admin_unused', // an admin token is not used
  'right_unused', // a caller was granted an issuer of which it gets no token
  'audience_unused', // a caller was granted an audience for which it gets no token
  'claim_unused', // a caller was granted a claim that no token has which it gets
] as const;

/** One of {@link findingKinds}. */
export type FindingKind = (typeof findingKinds)[number];

/** Something that an auditor would ask about. Names come from the configuration, thumbprints from published keys. */
export interface Finding {
  readonly kind: FindingKind;
  readonly issuer?: string;
  readonly caller?: string;
  /** Id of an admin token. */
  readonly admin?: string;
  readonly thumbprint?: string;
  readonly algorithm?: string;
  readonly audience?: string;
  readonly claim?: string;
  /** Callers that have the same secret. */
  readonly others?: readonly string[];
  /** `false`: it may become one, and was not watched long enough for anybody to know. */
  readonly isDecided: boolean;
  /** Since when it is watched, and when it was last used. Of `rotation_overdue`: when the newest key was first seen. */
  readonly watched?: Watched;
  /** When the secret ends; wall time, milliseconds since the epoch. */
  readonly endsMs?: number;
  /** Whether another secret of the same caller stays good. */
  readonly hasOther?: boolean;
  readonly lifetimeSeconds?: number;
  /** How long they may live. */
  readonly allowedSeconds?: number;
  readonly strength?: KeyStrength;
  /** How many keys there are at once. */
  readonly keyCount?: number;
  /** When the key was denied, wall time; absent: by the configuration. */
  readonly decidedMs?: number;
}

/** A key that an issuer publishes now. */
export interface PublishedKeyFacts {
  readonly thumbprint: string;
  readonly strength?: KeyStrength;
}

/** A key that is refused without an end. */
export interface EndlessDenial {
  readonly thumbprint: string;
  /** Wall time; absent: by the configuration. */
  readonly atMs?: number;
}

/** An issuer and what is known of it. */
export interface IssuerFacts {
  readonly id: string;
  readonly record: UseRecord;
  readonly published: readonly PublishedKeyFacts[];
  /** Keys of its largest set. */
  readonly largestSet: number;
  /** Those that its registration allows. */
  readonly algorithms: readonly string[];
  /** The longest lifetime that its registration allows. */
  readonly maxLifetimeSeconds: number;
  readonly endlessDenials: readonly EndlessDenial[];
  /** Callers or admins authenticate with its tokens. Those are not counted, so nobody knows which of its keys are unused. */
  readonly vouchesForCallers: boolean;
}

/** A caller and what is known of it. */
export interface CallerFacts {
  readonly id: string;
  readonly record: UseRecord;
  /** When each of its secrets ends; `Infinity`: never. */
  readonly secretEnds: readonly number[];
  /** Ids of other callers that have one of its secrets. */
  readonly sharesSecretWith: readonly string[];
  /** Audiences and claims that it was granted by name. */
  readonly audiences: readonly string[];
  readonly claims: readonly string[];
}

/** An admin token and what is known of it. */
export interface AdminFacts {
  readonly id: string;
  readonly record: UseRecord;
}

/** What findings are found in. */
export interface HygieneFacts {
  readonly terms: HygieneSection;
  readonly issuers: readonly IssuerFacts[];
  readonly callers: readonly CallerFacts[];
  readonly admins: readonly AdminFacts[];
  /** Wall time. */
  readonly nowMs: number;
}

/** By what, and when, something is judged. */
export type JudgedBy = Pick<HygieneFacts, 'terms' | 'nowMs'>;
