/** Fetches the keys of one issuer for `assay check --online`, and says what is odd about them. */
import type { Issuer } from '../../issuers/issuer.js';
import { FETCH_DEADLINE_MS } from '../../keys/key-timing.js';
import { KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import { keySourceOf } from '../../keys/source/key-source-of.js';
import type { KeySource, PublishedSet } from '../../keys/source/key-source.js';
import { TimedKeySource } from '../../keys/source/timed-key-source.js';
import type { Clock } from '../../shared/clock.js';
import { readJwk } from '../../tokens/import-jwk.js';
import { JwkDefect } from '../../tokens/jwk-defect.js';
import type { JsonObject } from '../../shared/json-value.js';
import type { Algorithm } from '../../tokens/algorithms.js';
import { fetchFailurePhrase, fetchRemedies } from '../fetch-remedies.js';
import { oddKeys } from './odd-keys.js';
import { ObservedHttp } from './observed-http.js';
import type { OnlineRow } from './online-row.js';

/** How long a fetch that was cut off gets to end, and to remember how far it came, before the second one begins. */
const SPACING_MS = 100;

/** Whose keys are asked for. */
export interface KeyOwner {
  readonly kind: 'issuer' | 'caller';
  /** As it is configured. */
  readonly id: string;
  readonly issuer: Issuer;
}

/** What a check of one issuer has found, and how far its server's clock is ahead of ours, where that is known. */
export interface IssuerCheck {
  readonly row: OnlineRow;
  readonly aheadMs?: number;
}

/**
 * Fetches the keys of one issuer once, by the code by which the service does, and says what is odd about them. An issuer that is
 * slow is asked a second time, because discovery may have used up the first one at a well-known form that it does not have. It
 * ends after two deadlines, whatever the issuer does.
 */
export async function checkIssuer({ kind, id, issuer }: KeyOwner, clock: Clock): Promise<IssuerCheck> {
  const { keys } = issuer;
  if (keys.kind === 'static') {
    return {
      row: { kind, id, result: 'good', found: `${countOf(keys.jwks.keys.length)} in the configuration itself` },
    };
  }
  const http = new ObservedHttp(clock);
  const parts = { http, clock, events: { report: () => undefined } };
  const source = new TimedKeySource(
    keySourceOf(keys, () => issuer, parts),
    clock,
    FETCH_DEADLINE_MS,
  );
  const beganMs = clock.monoMs();
  const ahead = (): { readonly aheadMs?: number } => (http.aheadMs === undefined ? {} : { aheadMs: http.aheadMs });
  try {
    const { set, isSlow } = await fetchPatiently(source, clock);
    const tookMs = Math.round(clock.monoMs() - beganMs);
    return { row: { kind, id, ...rowOf(set, issuer, { url: http.lastUrl, tookMs, isSlow }) }, ...ahead() };
  } catch (error) {
    const failure = KeyFetchFailure.of(error);
    const { category, place } = failure;
    const found = `no keys: ${fetchFailurePhrase(failure)}`;
    const facts = { category, ...place };
    return { row: { kind, id, result: 'failed', found, remedy: fetchRemedies[category], facts }, ...ahead() };
  }
}

interface Fetched {
  readonly set: PublishedSet;
  /** The first attempt was over before the keys were there. */
  readonly isSlow: boolean;
}

async function fetchPatiently(source: KeySource, clock: Clock): Promise<Fetched> {
  try {
    return { set: await fetchOnce(source), isSlow: false };
  } catch (error) {
    if (KeyFetchFailure.of(error).category !== 'timeout') throw error;
    await clock.sleep(SPACING_MS);
    return { set: await fetchOnce(source), isSlow: true };
  }
}

async function fetchOnce(source: KeySource): Promise<PublishedSet> {
  const observation = await source.fetch(undefined, new AbortController().signal);
  if (observation.kind === 'published') return observation;
  throw new KeyFetchFailure('status_other', 'a confirmation of a set that nobody has');
}

interface HowFetched {
  readonly url: string | undefined;
  readonly tookMs: number;
  readonly isSlow: boolean;
}

function rowOf(set: PublishedSet, issuer: Issuer, { url, tookMs, isSlow }: HowFetched): Omit<OnlineRow, 'kind' | 'id'> {
  const usable = usableAlgorithms(set, issuer);
  const facts = { url, tookMs, keys: set.keys.length, algorithms: [...usable] };
  const odd = oddKeys(set);
  if (set.keys.length === 0 && !issuer.freshness.isEmptyMeant) {
    const found = ['no key that can be used', ...odd.found].join('; ');
    return { result: 'failed', found, remedy: odd.remedy ?? fetchRemedies.empty, facts };
  }
  const unused = [...issuer.algorithms].filter((algorithm) => !usable.has(algorithm));
  const concerns = [
    ...(isSlow ? [{ found: 'no answer to the first fetch', remedy: fetchRemedies.timeout }] : []),
    ...(odd.remedy === undefined ? [] : [{ found: odd.found.join('; '), remedy: odd.remedy }]),
    ...(unused.length > 0 && usable.size > 0
      ? [{ found: `none for ${unused.join(', ')}`, remedy: 'take out of algorithms what the issuer does not use' }]
      : []),
  ];
  const what = `${countOf(set.keys.length)}${usable.size > 0 ? ` for ${[...usable].join(', ')}` : ''}, in ${tookMs} ms`;
  const found = [what, ...concerns.map((each) => each.found)].join('; ');
  if (concerns.length === 0) return { result: 'good', found, facts };
  return { result: 'warning', found, remedy: concerns.map(({ remedy }) => remedy).join('; '), facts };
}

/** Those of the registration that some published key can verify. */
function usableAlgorithms({ keys }: PublishedSet, { algorithms }: Issuer): ReadonlySet<Algorithm> {
  const used = keys.flatMap(({ jwk }) => verifiable(jwk, algorithms));
  return new Set([...algorithms].filter((algorithm) => used.includes(algorithm)));
}

function verifiable(jwk: JsonObject, algorithms: ReadonlySet<Algorithm>): readonly Algorithm[] {
  const key = readJwk(jwk, algorithms);
  return key instanceof JwkDefect ? [] : [...key.verifiers.keys()];
}

function countOf(keys: number): string {
  return keys === 1 ? 'one key' : `${keys} keys`;
}
