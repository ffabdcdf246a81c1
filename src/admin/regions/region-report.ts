/** Reads what another region reports, and believes no more of it than what has the right form and size. */
import { freshnessStates, type FreshnessState } from '../../keys/accepted/key-freshness.js';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../shared/json-value.js';

/** Most issuers that a report names, and most denied keys. */
export const MOST_ISSUERS_NAMED = 1_000;
export const MOST_DENIED_NAMED = 500;

/** The keys of one issuer in one region, in short. */
export interface RegionIssuer {
  /** The worst of its live replicas. */
  readonly state: FreshnessState;
  /** Which keys are accepted at the replica that reports; regions that agree show the same. */
  readonly digest: string;
  /** Live replicas of the region do not agree with each other. */
  readonly isDiffering: boolean;
  /** The oldest of its live replicas; absent where there are no keys. */
  readonly ageSeconds?: number;
  /** Digest of the registration in force, without how its issuer is reached from there. */
  readonly registration: string;
}

/** Which keys operators, or the configuration, have denied. */
export interface DeniedKeysReport {
  readonly count: number;
  /** Of all of them: equal exactly where the same keys are denied. */
  readonly digest: string;
  /** Each as the issuer's id, a space, and the thumbprint; `undefined` where there are too many to name them. */
  readonly keys: ReadonlySet<string> | undefined;
}

/** What one region says about itself: what its replicas have told each other, seen from the one that was asked. */
export interface RegionReport {
  /** `redis.region` there; empty where it has none. */
  readonly region: string;
  /** The replica that reports. */
  readonly replica: string;
  readonly version: string;
  /** Whether it knows what every replica of the region does. */
  readonly isComplete: boolean;
  /** Whether it has found nothing that an operator should look at. */
  readonly isHealthy: boolean;
  /** The first thing to read about it, and what to do first where something was found. */
  readonly sentence: string;
  readonly firstStep?: string;
  /** SHA-256 of the configuration in force at that replica. */
  readonly configuration: string;
  /** How many replicas are remembered there, and how many of them are live. */
  readonly replicas: number;
  readonly live: number;
  /** By the issuer's short id. */
  readonly issuers: ReadonlyMap<string, RegionIssuer>;
  /** Issuers that it has besides. */
  readonly moreIssuers: number;
  readonly deniedKeys: DeniedKeysReport;
}

/** Writes a report as the admin API answers it. */
export function writeRegionReport({ issuers, deniedKeys, ...report }: RegionReport): JsonObject {
  const { keys, ...denied } = deniedKeys;
  return {
    ...report,
    issuers: Object.fromEntries([...issuers].map(([id, issuer]) => [id, { ...issuer }])),
    deniedKeys: { ...denied, ...(keys && { keys: [...keys] }) },
  };
}

const shapes = {
  name: /^[\w.-]{0,100}$/,
  version: /^[\w.+-]{1,40}$/,
  configuration: /^[\da-f]{0,64}$/,
  issuer: /^[\w.:-]{1,80}$/,
  digest: /^[\w-]{1,43}$/,
  deniedKey: /^[\w.:-]{1,80} [\w-]{43}$/,
  sentence: /^\P{C}{1,500}$/u,
} as const;

const states: ReadonlySet<unknown> = new Set(freshnessStates);

/** Reads what another region has answered. @returns `undefined` for anything that no replica writes */
export function readRegionReport(answer: JsonObject): RegionReport | undefined {
  const { region, replica, version, isComplete, isHealthy, sentence, firstStep, configuration } = answer;
  const { replicas, live, moreIssuers } = answer;
  const isSound =
    isText(region, shapes.name) &&
    isText(replica, shapes.name) &&
    isText(version, shapes.version) &&
    isText(configuration, shapes.configuration) &&
    isText(sentence, shapes.sentence) &&
    (firstStep === undefined || isText(firstStep, shapes.sentence)) &&
    typeof isComplete === 'boolean' &&
    typeof isHealthy === 'boolean';
  const deniedKeys = readDenied(answer['deniedKeys']);
  const issuers = readIssuers(answer['issuers']);
  if (!isSound || !isCount(replicas) || !isCount(live) || !isCount(moreIssuers) || !deniedKeys || !issuers) {
    return undefined;
  }
  const step = firstStep === undefined ? {} : { firstStep };
  const about = { region, replica, version, isComplete, isHealthy, sentence, ...step, configuration };
  return { ...about, replicas, live, moreIssuers, issuers, deniedKeys };
}

function readIssuers(value: JsonValue | undefined): ReadonlyMap<string, RegionIssuer> | undefined {
  if (!isJsonObject(value)) return undefined;
  const members = Object.entries(value);
  const issuers = new Map<string, RegionIssuer>();
  for (const [id, member] of members) {
    const issuer = readIssuer(member);
    if (!issuer || !shapes.issuer.test(id)) return undefined;
    issuers.set(id, issuer);
  }
  return members.length <= MOST_ISSUERS_NAMED ? issuers : undefined;
}

function readIssuer(value: JsonValue | undefined): RegionIssuer | undefined {
  if (!isJsonObject(value)) return undefined;
  const { state, digest, isDiffering, ageSeconds, registration } = value;
  const isAge = ageSeconds === undefined || isQuantity(ageSeconds);
  if (!states.has(state) || !isText(digest, shapes.digest) || !isText(registration, shapes.digest)) return undefined;
  if (typeof isDiffering !== 'boolean' || !isAge) return undefined;
  const age = ageSeconds === undefined ? {} : { ageSeconds };
  return { state: state as FreshnessState, digest, isDiffering, registration, ...age };
}

function readDenied(value: JsonValue | undefined): DeniedKeysReport | undefined {
  if (!isJsonObject(value)) return undefined;
  const { count, digest, keys } = value;
  if (!isCount(count) || !isText(digest, shapes.digest)) return undefined;
  if (keys === undefined) return { count, digest, keys };
  const isList = isJsonArray(keys) && keys.length <= MOST_DENIED_NAMED && keys.length === count;
  const named = isList ? keys.filter((each) => isText(each, shapes.deniedKey)) : [];
  return isList && named.length === count ? { count, digest, keys: new Set(named) } : undefined;
}

function isText(value: JsonValue | undefined, shape: RegExp): value is string {
  return typeof value === 'string' && shape.test(value);
}

/** As seconds some 300 years. */
function isQuantity(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1e10;
}

function isCount(value: JsonValue | undefined): value is number {
  return isQuantity(value) && Number.isInteger(value);
}
