import { isJsonObject, type JsonValue } from '../../shared/json-value.js';
import { parseStrictJson, stringifyJson } from '../../shared/strict-json.js';
import type { Algorithm } from '../../tokens/algorithms.js';
import { importJwk, publicMembers } from '../../tokens/import-jwk.js';
import { JwkDefect } from '../../tokens/jwk-defect.js';
import type { VerificationKey } from '../../tokens/verification-key.js';
import { KeyFetchFailure } from './key-fetch-failure.js';
import type { DropReason, PublishedKey } from './key-source.js';

/** A usable key of a set, imported. */
export interface UsableKey extends PublishedKey {
  readonly key: VerificationKey;
}

/** Usable keys of a set, and the account of the others. */
export interface ParsedKeySet {
  readonly keys: readonly UsableKey[];
  readonly dropped: ReadonlyMap<DropReason, number>;
}

/** No issuer publishes so many; the rest of a longer set is not even read. */
const MOST_ENTRIES = 1_000;
/** Keys kept of one set; every one costs memory in each replica. */
const MOST_KEYS = 100;
/** Characters of one key, public members only. An RSA key of 8192 bits takes about 1400. */
const LARGEST_KEY = 2_048;
/** Certificates in `x5c` nest three deep; a thousand entries of a dozen members fit. */
const keySetLimits = { depth: 10, members: 20_000 };

/**
 * Reads a JWK Set (RFC 7517 §5): an object whose `keys` is an array, or nothing. One bad key never spoils the others;
 * private and unknown members are gone from what is returned.
 * @throws {KeyFetchFailure} with `json` or `key_set`; a set without any usable key is returned as it is
 */
export async function parseKeySet(body: Uint8Array, allowed: ReadonlySet<Algorithm>): Promise<ParsedKeySet> {
  const document = parse(body);
  // `{"error": …}` is JSON too. Without this line it would be a valid set that withdraws every key (defect D15).
  const entries = isJsonObject(document) ? document['keys'] : undefined;
  if (!Array.isArray(entries)) throw new KeyFetchFailure('key_set', 'no array of keys');
  return filterKeys(entries as readonly JsonValue[], allowed);
}

/** The usable ones of `entries`. */
export async function filterKeys(
  entries: readonly JsonValue[],
  allowed: ReadonlySet<Algorithm>,
): Promise<ParsedKeySet> {
  const keys: UsableKey[] = [];
  const dropped = new Map<DropReason, number>();
  const drop = (reason: DropReason, count = 1): void => void dropped.set(reason, (dropped.get(reason) ?? 0) + count);
  for (const entry of entries.slice(0, MOST_ENTRIES)) {
    const key = keys.length < MOST_KEYS ? await readKey(entry, allowed) : 'too_many';
    if (typeof key === 'string') drop(key);
    else keys.push(key);
  }
  if (entries.length > MOST_ENTRIES) drop('too_many', entries.length - MOST_ENTRIES);
  return { keys, dropped };
}

async function readKey(entry: JsonValue, allowed: ReadonlySet<Algorithm>): Promise<UsableKey | DropReason> {
  if (!isJsonObject(entry)) return 'not_an_object';
  const jwk = publicMembers(entry);
  if (stringifyJson(jwk).length > LARGEST_KEY) return 'too_large';
  const key = await importJwk(entry, allowed);
  return key instanceof JwkDefect ? key.reason : { thumbprint: key.thumbprint, jwk, key };
}

function parse(body: Uint8Array): JsonValue {
  try {
    return parseStrictJson(body, keySetLimits);
  } catch (cause) {
    throw new KeyFetchFailure('json', 'not strict JSON', { cause });
  }
}
