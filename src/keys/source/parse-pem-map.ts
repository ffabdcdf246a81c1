/** Reads key sets that are published as a map from names to PEM texts. */
import { PemError, readPemKeys } from '../../issuers/pem-keys.js';
import type { Clock } from '../../shared/clock.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../shared/json-value.js';
import type { ReadKeys } from './http-key-source.js';
import { KeyFetchFailure } from './key-fetch-failure.js';
import { AccountOfEntries, type DropReason } from './key-set-account.js';
import { everyAlgorithm, filterKeys, MOST_ENTRIES, parseDocument, unlessNoneIsUsable } from './parse-key-set.js';

/** What one PEM text holds. */
interface PemEntry {
  readonly jwk: JsonObject;
  readonly hasExpired: boolean;
}

/**
 * Reads an object that maps each `kid` to one PEM certificate or public key. `{"error": "…"}` has that form, too, so an object is
 * a map only where every member is PEM text. Which algorithm a key is for, the registration says.
 *
 * The dates of a certificate do not decide: nobody signs these but the publisher itself, and to publish a key is its word that
 * the key is good, as it is for a JWK Set. One that has expired is reported, because somebody forgot it.
 * @param clock says whether a certificate has expired
 */
export function pemMapReader(clock: Clock): ReadKeys {
  return async (body, allowed, pause) => {
    const members = membersOf(parseDocument(body));
    const account = new AccountOfEntries();
    const jwks: JsonObject[] = [];
    for (const [kid, pem] of members.slice(0, MOST_ENTRIES)) {
      await pause();
      const entry = readEntry(pem, clock.wallMs());
      if (typeof entry === 'string') account.drop(entry, { kid });
      else jwks.push({ ...entry.jwk, kid });
      if (typeof entry !== 'string' && entry.hasExpired) account.doubt('certificate_expired', { kid });
    }
    account.dropUnread(members.length - MOST_ENTRIES);
    const { keys, ...whole } = await filterKeys(jwks, allowed, pause, everyAlgorithm, account);
    return { keys: unlessNoneIsUsable(keys, allowed), ...whole };
  };
}

/** @throws {KeyFetchFailure} `key_set` */
function membersOf(document: JsonValue): readonly (readonly [kid: string, pem: string])[] {
  const members = isJsonObject(document) ? Object.entries(document) : [];
  const isMap =
    members.length > 0 && members.every(([, value]) => typeof value === 'string' && value.includes('-----BEGIN '));
  if (!isMap) throw new KeyFetchFailure('key_set', 'no object of which every member is a PEM text');
  return members as readonly (readonly [string, string])[];
}

function readEntry(pem: string, nowMs: number): PemEntry | DropReason {
  try {
    const { jwks, warnings } = readPemKeys(pem, nowMs);
    const [jwk, ...others] = jwks.keys;
    // A chain, or several keys under one name: which one is meant, nobody says.
    if (others.length > 0) return 'member_malformed';
    return { jwk: jwk as JsonObject, hasExpired: warnings.length > 0 };
  } catch (error) {
    if (error instanceof PemError) return error.reason;
    throw error;
  }
}
