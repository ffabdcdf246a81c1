import { isJsonObject } from '../shared/json-value.js';
import { parseStrictJson, StrictJsonError } from '../shared/strict-json.js';
import { readIssuerState, type IssuerState } from './issuer-state.js';

/** Most issuers that a replica tells of, and longest text that it tells it in, in bytes. */
export const MOST_ISSUERS = 1_000;
export const LONGEST_STATE = 256 * 1024;

const replicaName = /^[\w.-]{1,100}$/;
const issuerName = /^[\w.:-]{1,80}$/;

/** How everything stands at one replica. */
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

/** How often a replica tells how it stands. */
export const REPORT_EVERY_MS = 5_000;

/** Who was silent for three times as long is gone. */
export const GONE_AFTER_MS = 15_000;

/** What replicas tell each other, for operators to look at. Nothing is decided by it. */
export abstract class ReplicaStates {
  /** Tells how this replica stands; replaces what it told before. */
  abstract report(state: ReplicaState): Promise<void>;

  /** This replica goes away. */
  abstract leave(replica: string): Promise<void>;

  /** The latest that every living replica told. */
  abstract all(): Promise<readonly SeenReplica[]>;
}
