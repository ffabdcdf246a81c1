import { wellKnownUrls } from '../../issuers/discovery-metadata.js';
import type { IssuerNetwork } from '../../issuers/issuer-network.js';
import { FETCH_DEADLINE_MS } from '../../keys/key-timing.js';
import type { GuardedHttp } from '../../keys/source/guarded-http.js';
import { located } from '../../keys/source/http-key-source.js';
import { KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import { parseDocument } from '../../keys/source/parse-key-set.js';
import { isJsonArray, isJsonObject, type JsonValue } from '../../shared/json-value.js';
import { readKeyUrl } from '../../shared/key-url.js';
import type { Clock } from '../../shared/clock.js';

/** A key set that was found at a URL, or by what is there. */
export interface PublishedKeySet {
  readonly entries: readonly JsonValue[];
  readonly jwksUri: string;
  /** The metadata that names it; absent where the URL was that of the key set itself. */
  readonly metadata?: { readonly url: string; readonly issuer: string | undefined };
}

/** What a key set is looked for with. */
export interface KeySetTools {
  readonly http: GuardedHttp;
  readonly clock: Clock;
  readonly network: IssuerNetwork;
}

/**
 * Finds the key set that belongs to a URL: of the set itself, of metadata, or of an issuer, whose well-known forms are tried then.
 * @throws {KeyFetchFailure} of the attempt that says the most
 */
export async function findKeySet(url: string, tools: KeySetTools): Promise<PublishedKeySet> {
  const { pathname } = new URL(url);
  const isDocument = /\.well-known|\.json$|jwks|keys|certs/i.test(pathname);
  const forms = wellKnownUrls(url, 'auto');
  const candidates = isDocument ? [url] : [...forms.toReversed(), url];
  let failure: KeyFetchFailure | undefined;
  for (const candidate of candidates) {
    try {
      return await readAt(candidate, tools);
    } catch (error) {
      const other = KeyFetchFailure.of(error);
      // Most forms are usually just not there; what went wrong with the one that is there says more.
      if (!failure || failure.category === 'status_4xx') failure = other;
      if (['dns', 'connect', 'tls', 'address_refused'].includes(other.category)) break;
    }
  }
  throw failure ?? new KeyFetchFailure('metadata', 'no metadata');
}

async function readAt(url: string, tools: KeySetTools): Promise<PublishedKeySet> {
  const document = await read(url, tools);
  const entries = entriesOf(document);
  if (entries) return { entries, jwksUri: url };
  const { jwks_uri: jwksUri, issuer } = isJsonObject(document) ? document : {};
  if (typeof jwksUri !== 'string') throw failureAt(url, 'key_set', 'neither a key set nor metadata with jwks_uri');
  const target = readKeyUrl(jwksUri, tools.network);
  if (typeof target === 'string') throw failureAt(url, 'metadata', `jwks_uri: ${target}`);
  const published = entriesOf(await read(jwksUri, tools));
  if (!published) throw failureAt(jwksUri, 'key_set', 'no array of keys');
  return { entries: published, jwksUri, metadata: { url, issuer: typeof issuer === 'string' ? issuer : undefined } };
}

async function read(url: string, { http, clock, network }: KeySetTools): Promise<JsonValue> {
  const over = new AbortController();
  const timer = clock.after(FETCH_DEADLINE_MS, () => {
    over.abort(new KeyFetchFailure('timeout', 'the deadline for one fetch'));
  });
  try {
    const { body } = await http.get({ url, network, mayAuthorize: false }, over.signal);
    return await located(url, () => parseDocument(body));
  } finally {
    timer.cancel();
  }
}

function entriesOf(document: JsonValue): readonly JsonValue[] | undefined {
  const keys = isJsonObject(document) ? document['keys'] : undefined;
  return isJsonArray(keys) ? keys : undefined;
}

function failureAt(url: string, category: 'key_set' | 'metadata', detail: string): KeyFetchFailure {
  return new KeyFetchFailure(category, detail).at({ host: new URL(url).host, stage: 'json' });
}
