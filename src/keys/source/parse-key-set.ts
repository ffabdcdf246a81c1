/** Reads a published key set, and leaves out what cannot be used without spoiling the rest. */
import { isJsonArray, isJsonObject, type JsonValue } from '../../shared/json-value.js';
import type { Pause } from '../../shared/pause.js';
import { parseStrictJson, stringifyJson } from '../../shared/strict-json.js';
import { algorithmNames, type Algorithm } from '../../tokens/algorithms.js';
import { certificateDoubt } from '../../tokens/certificate-doubt.js';
import { importJwk, publicMembers } from '../../tokens/import-jwk.js';
import { JwkDefect } from '../../tokens/jwk-defect.js';
import type { VerificationKey } from '../../tokens/verification-key.js';
import { KeyFetchFailure } from './key-fetch-failure.js';
import { AccountOfEntries, type DropReason, type KeySetAccount } from './key-set-account.js';
import type { PublishedKey } from './key-source.js';

/** A usable key of a set, imported. */
export interface UsableKey extends PublishedKey {
  readonly key: VerificationKey;
}

/** Usable keys of a set, and the account of the others. */
export interface ParsedKeySet extends KeySetAccount {
  readonly keys: readonly UsableKey[];
}

/** No issuer publishes so many; the rest of a longer set is not even read. */
export const MOST_ENTRIES = 500;
/**
 * Entries of one set of which keys are made, also where that fails: every key costs memory in each replica, and every attempt
 * costs time. Whatever their members alone tell is found out before, so that only entries that look sound count.
 */
const MOST_IMPORTS = 100;
/** Characters of one key, public members only. An RSA key of 8192 bits takes about 1400, one of ML-DSA-87 about 3500. */
const LARGEST_KEY = 5_120;
export const everyAlgorithm: ReadonlySet<Algorithm> = new Set(algorithmNames);
/** Certificates in `x5c` nest three deep; five hundred entries of many members fit. */
const keySetLimits = { depth: 10, members: 20_000 };

/**
 * Reads a JWK Set (RFC 7517 §5): an object whose `keys` is an array; or what some servers publish instead, that array alone or a
 * single JWK; or nothing. One bad key never spoils the others; private and unknown members are gone from what is returned.
 * @param pause awaited before each entry: a set of many large keys must not keep requests waiting
 * @param allowed the issuer's algorithms: keys of others are returned too, where there is one of these beside them
 * @throws {KeyFetchFailure} with `json` or `key_set`; a set without any usable key is returned as it is
 */
export async function parseKeySet(
  body: Uint8Array,
  allowed: ReadonlySet<Algorithm>,
  pause: Pause,
): Promise<ParsedKeySet> {
  const document = parseDocument(body);
  const published = isJsonObject(document) ? document['keys'] : undefined;
  const isSet = isJsonArray(published);
  const entries = isSet ? published : keysWithoutSet(document);
  const { keys: sound, ...account } = await soundKeys(entries, allowed, pause);
  const keys = unlessNoneIsUsable(sound, allowed);
  // `{"error": …}` is JSON too: read as an empty set it would withdraw every key. What is no set must hold a key that is used.
  if (!isSet && keys.length === 0) throw new KeyFetchFailure('key_set', 'no array of keys');
  return { keys, ...account };
}

function keysWithoutSet(document: JsonValue): readonly JsonValue[] {
  const entries = isJsonArray(document) ? document : [document];
  return entries.every(isKey) ? entries : [];
}

function isKey(value: JsonValue): boolean {
  return isJsonObject(value) && typeof value['kty'] === 'string';
}

/** A set without a key for the issuer's algorithms says nothing that may be believed at once. */
export function unlessNoneIsUsable(keys: readonly UsableKey[], allowed: ReadonlySet<Algorithm>): readonly UsableKey[] {
  return keys.some(({ key }) => isAllowed(key, allowed)) ? keys : [];
}

/**
 * The sound ones of `entries`.
 * @param kept algorithms whose keys are returned: a record keeps what is sound, so that a change of `allowed` finds it there
 * @param account what is known already of entries of the same document
 */
export async function filterKeys(
  entries: readonly JsonValue[],
  allowed: ReadonlySet<Algorithm>,
  pause: Pause,
  kept = allowed,
  account = new AccountOfEntries(),
): Promise<ParsedKeySet> {
  const keys: UsableKey[] = [];
  let imports = 0;
  for (const entry of entries.slice(0, MOST_ENTRIES)) {
    await pause();
    const key = imports < MOST_IMPORTS ? readKey(entry, kept) : 'too_many';
    if (typeof key !== 'string' || key === 'point_invalid') imports++;
    if (typeof key === 'string') {
      account.drop(key, entry);
      continue;
    }
    keys.push(key);
    if (!isAllowed(key.key, allowed)) account.drop('algorithm_not_allowed', entry);
    const doubt = isJsonObject(entry) ? certificateDoubt(entry['x5c'], key.thumbprint) : undefined;
    if (doubt) account.doubt(doubt, entry);
  }
  account.dropUnread(entries.length - MOST_ENTRIES);
  const { dropped, doubted, kids } = account;
  return { keys, dropped, doubted, kids };
}

/** What the members alone say comes first, then the numbers, and last what takes the longest: to make a key of them. */
function readKey(entry: JsonValue, kept: ReadonlySet<Algorithm>): UsableKey | DropReason {
  if (!isJsonObject(entry)) return 'not_an_object';
  const jwk = publicMembers(entry);
  if (stringifyJson(jwk).length > LARGEST_KEY) return 'too_large';
  const key = importJwk(entry, kept);
  return key instanceof JwkDefect ? key.reason : { thumbprint: key.thumbprint, jwk, key };
}

function isAllowed({ verifiers }: VerificationKey, allowed: ReadonlySet<Algorithm>): boolean {
  return [...verifiers.keys()].some((algorithm) => allowed.has(algorithm));
}

/** The sound keys of a published set, those of algorithms that the issuer does not use included. */
export function soundKeys(
  entries: readonly JsonValue[],
  allowed: ReadonlySet<Algorithm>,
  pause: Pause,
): Promise<ParsedKeySet> {
  return filterKeys(entries, allowed, pause, everyAlgorithm);
}

/** @throws {KeyFetchFailure} `json` */
export function parseDocument(body: Uint8Array): JsonValue {
  try {
    return parseStrictJson(body, keySetLimits);
  } catch (cause) {
    throw new KeyFetchFailure('json', 'not strict JSON', { cause });
  }
}
