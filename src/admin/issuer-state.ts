import { freshnessStates, type KeyFreshness } from '../keys/accepted/key-freshness.js';
import { fetchStages, keyFetchCategories, type KeyFetchCategory } from '../keys/source/key-fetch-failure.js';
import { MOST_PROOFS } from './proof-history.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../shared/json-value.js';

/** The keys of one issuer at one replica, in short. */
export interface IssuerState extends Pick<KeyFreshness, 'state' | 'ageMs' | 'fence' | 'digest' | 'lastFailure'> {
  /** Until the next scheduled refresh. Named so in Redis, where other versions of this service read it. */
  readonly nextLookInMs?: number;
  /** How long ago the keys were proven before {@link ageMs}, in seconds, the latest first. */
  readonly earlierProofsAgoS?: readonly number[];
}

const states: ReadonlySet<string> = new Set(freshnessStates);
const categories: ReadonlySet<string> = new Set(keyFetchCategories);

/** The short form of everything that is known. */
export function issuerStateOf(freshness: KeyFreshness, earlierProofsAgoS: readonly number[] = []): IssuerState {
  const { state, ageMs, fence, digest, lastFailure, nextRefreshInMs } = freshness;
  return {
    state,
    digest,
    ...(ageMs === undefined ? {} : { ageMs: Math.round(ageMs) }),
    ...(fence === undefined ? {} : { fence }),
    ...(lastFailure && { lastFailure }),
    ...(nextRefreshInMs === undefined ? {} : { nextLookInMs: Math.round(nextRefreshInMs) }),
    ...(earlierProofsAgoS.length > 0 && { earlierProofsAgoS }),
  };
}

/** The same as it has become `byMs` later, if nothing has happened meanwhile. */
export function aged(state: IssuerState, byMs: number): IssuerState {
  const { ageMs, nextLookInMs, earlierProofsAgoS } = state;
  return {
    ...state,
    ...(ageMs === undefined ? {} : { ageMs: ageMs + byMs }),
    ...(nextLookInMs === undefined ? {} : { nextLookInMs: Math.max(0, nextLookInMs - byMs) }),
    ...(earlierProofsAgoS && { earlierProofsAgoS: earlierProofsAgoS.map((each) => each + byMs / 1_000) }),
  };
}

/** The state that a replica has written. @returns undefined for anything else: others may be able to write there */
export function readIssuerState(value: JsonValue | undefined): IssuerState | undefined {
  if (!isJsonObject(value)) return undefined;
  const { state, digest, ageMs, fence, lastFailure, nextLookInMs, earlierProofsAgoS: earlier } = value;
  const failure = lastFailure === undefined ? undefined : readFailure(lastFailure);
  const areNumbers = [ageMs, fence, nextLookInMs].every((each) => each === undefined || isDuration(each));
  const isSound =
    typeof state === 'string' && states.has(state) && typeof digest === 'string' && /^[\w-]{1,43}$/.test(digest);
  if (!areNumbers || !isSound || (lastFailure !== undefined && !failure)) return undefined;
  // A picture for people: one that cannot be read is no reason to show nothing.
  const earlierProofsAgoS = isHistory(earlier) ? earlier : undefined;
  const read = { state, digest, ageMs, fence, lastFailure: failure, nextLookInMs, earlierProofsAgoS };
  return JSON.parse(JSON.stringify(read)) as IssuerState;
}

function readFailure(value: JsonValue): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  const { category, atMs, host, stage } = value;
  if (!isCategory(category) || !isDuration(atMs)) return undefined;
  // Replicas of an earlier version do not say it.
  const isPlace = typeof host === 'string' && hostShape.test(host) && typeof stage === 'string' && stages.has(stage);
  return isPlace ? { category, atMs, host, stage } : { category, atMs };
}

/** A host as `URL` writes it, with or without a port. */
const hostShape = /^[\w.:[\]-]{1,261}$/;
const stages: ReadonlySet<string> = new Set(fetchStages);

function isCategory(value: JsonValue | undefined): value is KeyFetchCategory {
  return typeof value === 'string' && categories.has(value);
}

function isHistory(value: JsonValue | undefined): value is number[] {
  return Array.isArray(value) && value.length <= MOST_PROOFS && value.every(isDuration);
}

/** As milliseconds some 300 years, and a time that every date can show. */
function isDuration(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1e13;
}
