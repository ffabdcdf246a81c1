import { isJsonObject } from '../shared/json-value.js';
import { parseStrictJson, StrictJsonError } from '../shared/strict-json.js';
import { readIssuerState, type IssuerState } from './issuer-state.js';

/** Most issuers that a replica reports, and the longest text of a report, in bytes. */
export const MOST_ISSUERS = 1_000;
export const LONGEST_STATE = 256 * 1024;

const replicaName = /^[\w.-]{1,100}$/;
const issuerName = /^[\w.:-]{1,80}$/;

/** The state of every issuer at one replica. */
export interface ReplicaState {
  /** Unique among all replicas. */
  readonly replica: string;
  /** By the issuer's short id. */
  readonly issuers: ReadonlyMap<string, IssuerState>;
}

/** A state as it was some time ago. */
export interface SeenReplica extends ReplicaState {
  readonly seenAgoMs: number;
}

/** Writes a state; issuers beyond the bounds are left out. */
export function writeReplicaState({ issuers }: ReplicaState): string {
  const reported = [...issuers].slice(0, MOST_ISSUERS);
  const text = JSON.stringify(Object.fromEntries(reported));
  return text.length <= LONGEST_STATE
    ? text
    : JSON.stringify(Object.fromEntries(reported.slice(0, reported.length / 4)));
}

/** Reads a state. What is not as we write it is left out. @returns undefined where nothing can be read */
export function readReplicaState(replica: string, text: Uint8Array): ReplicaState | undefined {
  if (!replicaName.test(replica) || text.length > LONGEST_STATE) return undefined;
  const value = parse(text);
  if (!isJsonObject(value)) return undefined;
  const issuers = new Map<string, IssuerState>();
  for (const [id, member] of Object.entries(value)) {
    const state = readIssuerState(member);
    if (state && issuerName.test(id)) issuers.set(id, state);
  }
  return { replica, issuers };
}

function parse(text: Uint8Array) {
  try {
    return parseStrictJson(text, { members: 10 * MOST_ISSUERS });
  } catch (error) {
    if (error instanceof StrictJsonError) return undefined;
    throw error;
  }
}

/** How often a replica reports its state. */
export const REPORT_EVERY_MS = 5_000;

/** A replica that was silent for three times as long is gone. */
export const GONE_AFTER_MS = 15_000;

/** The states that replicas report to each other, for operators to see. Nothing is decided by them. */
export abstract class ReplicaStates {
  /** Reports the state of this replica; replaces what it reported before. */
  abstract report(state: ReplicaState): Promise<void>;

  /** This replica goes away. */
  abstract leave(replica: string): Promise<void>;

  /** The latest report of every living replica. */
  abstract all(): Promise<readonly SeenReplica[]>;
}
