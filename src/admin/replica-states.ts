/** The port by which replicas report to each other how their issuers and denials are, and its memory for a single process. */
import { isJsonObject } from '../shared/json-value.js';
import { readStrictJson } from '../shared/strict-json.js';
import { readReplicaAccount, type ReplicaAccount } from './replica-account.js';
import { readIssuerState, type IssuerState } from './issuer-state.js';

/** Most issuers that a replica reports, and the longest text of a report, in bytes. */
export const MOST_ISSUERS = 1_000;
export const LONGEST_STATE = 256 * 1024;

/** One that fails has eleven, and later versions may have more. */
const jsonLimits = { members: 16 * MOST_ISSUERS };

const replicaName = /^[\w.-]{1,100}$/;
const issuerName = /^[\w.:-]{1,80}$/;

/** Most denials that a replica names: beyond that it is not known which are in force there. */
export const MOST_DENIALS = 500;

const regionName = /^[\w.-]{0,100}$/;
const denialDigest = /^[\w-]{22}$/;

/** Which denials are in force at one replica. */
export interface ReplicaReach {
  /** Unique among all replicas. */
  readonly replica: string;
  /** Empty where it has none. */
  readonly region: string;
  /** Digests of the denials in force there; `undefined` where that is not known. */
  readonly denials: ReadonlySet<string> | undefined;
  /** It says that it did not read lately what others decide: it answers, and follows nothing. */
  readonly isBehind?: boolean;
  /** Place in the log of changes up to which it knows every revocation; absent where that is not known. */
  readonly readTo?: number | undefined;
  /** Absent for replicas of a version that does not say it. */
  readonly account?: ReplicaAccount | undefined;
}

/** What one replica reports: the state of every issuer, and which denials are in force. */
export interface ReplicaState extends ReplicaReach {
  /** By the issuer's short id. */
  readonly issuers: ReadonlyMap<string, IssuerState>;
}

/** A state as it was some time ago. */
export interface SeenReplica extends ReplicaState {
  readonly seenAgoMs: number;
}

/** Every replica that is remembered. */
export interface RememberedReplicas {
  readonly replicas: readonly SeenReplica[];
  /** Those that are remembered besides, of which nothing can be read. */
  readonly more: number;
}

/** Writes which denials are in force. The region comes first: a script reads it there. */
export function writeReplicaReach({ region, denials, isBehind = false, readTo, account }: ReplicaReach): string {
  const named = denials && denials.size <= MOST_DENIALS ? { denials: [...denials] } : {};
  return JSON.stringify({ region, ...(isBehind && { isBehind }), ...named, readTo, account });
}

/** Reads which denials are in force. What is not as we write it is as good as unknown. */
export function readReplicaReach(replica: string, text: Uint8Array): ReplicaReach {
  const value = text.length <= LONGEST_STATE ? readStrictJson(text, jsonLimits) : undefined;
  const { region, denials, isBehind, readTo, account } = isJsonObject(value) ? value : {};
  const isList = Array.isArray(denials) && denials.length <= MOST_DENIALS;
  return {
    replica,
    region: typeof region === 'string' && regionName.test(region) ? region : '',
    denials: isList
      ? new Set(denials.filter((each) => typeof each === 'string').filter((each) => denialDigest.test(each)))
      : undefined,
    isBehind: isBehind === true,
    readTo: Number.isSafeInteger(readTo) ? (readTo as number) : undefined,
    account: readReplicaAccount(account),
  };
}

/** Writes the states of issuers. Where that is too long, first how old their keys were is left out, then those beyond the bounds are. */
export function writeIssuerStates({ issuers }: Pick<ReplicaState, 'issuers'>): string {
  const reported = [...issuers].slice(0, MOST_ISSUERS);
  const text = JSON.stringify(Object.fromEntries(reported));
  if (text.length <= LONGEST_STATE) return text;
  const short = reported.map(([id, state]) => [id, { ...state, earlierProofsAgoS: undefined }] as const);
  const without = JSON.stringify(Object.fromEntries(short));
  return without.length <= LONGEST_STATE
    ? without
    : JSON.stringify(Object.fromEntries(short.slice(0, short.length / 4)));
}

/** Reads the states of issuers. What is not as we write it is left out. @returns undefined where nothing can be read */
export function readIssuerStates(
  replica: string,
  text: Uint8Array,
): Pick<ReplicaState, 'replica' | 'issuers'> | undefined {
  if (!replicaName.test(replica) || text.length > LONGEST_STATE) return undefined;
  const value = readStrictJson(text, jsonLimits);
  if (!isJsonObject(value)) return undefined;
  const issuers = new Map<string, IssuerState>();
  for (const [id, member] of Object.entries(value)) {
    const state = readIssuerState(member);
    if (state && issuerName.test(id)) issuers.set(id, state);
  }
  return { replica, issuers };
}

/** How often a replica reports its state. */
export const REPORT_EVERY_MS = 5_000;

/** A replica that was silent for three times as long is lost: nobody knows what it does. */
export const LOST_AFTER_MS = 15_000;

/** Most replicas whose states are kept and shown. */
export const MOST_REPLICAS = 200;

/** Most replicas that are remembered by name. */
export const MOST_NAMES = 1_000;

/**
 * The states that replicas report to each other, for operators to see. No verdict is decided by them. A replica is remembered
 * until it leaves, or is forgotten after a long silence: one that is cut off may still answer requests.
 */
export abstract class ReplicaStates {
  /**
   * Reports the state of this replica; replaces what it reported before.
   * @returns replicas that were silent for `forgetAfterMs`, or for which there is no room, and are forgotten by this call
   */
  abstract report(state: ReplicaState, forgetAfterMs: number): Promise<readonly string[]>;

  /** A replica goes away, or is dropped. @returns whether it was remembered */
  abstract leave(replica: string): Promise<boolean>;

  /**
   * The latest report of every remembered replica.
   * @param part `reach` leaves the states of issuers out, which are long; `names` leaves the denials out as well
   */
  abstract all(part?: 'whole' | 'reach' | 'names'): Promise<RememberedReplicas>;
}
