import type { Issuer } from '../../issuers/issuer.js';
import type { IssuerNetwork } from '../../issuers/issuer-network.js';
import type { Clock } from '../../shared/clock.js';
import { pausesBy } from '../../shared/pause.js';
import type { Algorithm } from '../../tokens/algorithms.js';
import { pageInstead } from './answer-body.js';
import type { GuardedHttp } from './guarded-http.js';
import { KeyFetchFailure } from './key-fetch-failure.js';
import { KeySource, type Observation, type Validators } from './key-source.js';
import { parseKeySet } from './parse-key-set.js';
import { ageMsOf, lifetimeMsOf, validatorsOf } from './response-freshness.js';

/** The keys at the URL that the configuration names (`jwksUri`, `pemMapUri`). */
export class HttpKeySource extends KeySource {
  /** @param read reads the document */
  constructor(
    private readonly url: string,
    /** Asked anew for each fetch: a rotated bearer token takes effect at once. */
    private readonly issuer: () => Issuer,
    private readonly parts: FetchParts,
    private readonly read: ReadKeys = parseKeySet,
  ) {
    super();
  }

  override fetch(known: Validators | undefined, signal: AbortSignal): Promise<Observation> {
    const { network, algorithms } = this.issuer();
    const address = { url: this.url, network, algorithms, mayAuthorize: true };
    return fetchKeySet(this.parts, address, known, signal, this.read);
  }
}

/** Makes keys of a document; see {@link parseKeySet}. */
export type ReadKeys = typeof parseKeySet;

/** What a key set is fetched with. */
export interface FetchParts {
  readonly http: GuardedHttp;
  /** Says when reading a long set has to pause. */
  readonly clock: Clock;
}

/** A key set at a URL, and how to get at it. */
export interface KeySetAddress {
  readonly url: string;
  readonly network: IssuerNetwork;
  readonly algorithms: ReadonlySet<Algorithm>;
  readonly mayAuthorize: boolean;
}

/**
 * Fetches a published key set once.
 * @param read reads the document; a source whose keys are not a JWK Set brings its own
 * @throws {KeyFetchFailure}
 */
export async function fetchKeySet(
  { http, clock }: FetchParts,
  { url, network, algorithms, mayAuthorize }: KeySetAddress,
  known: Validators | undefined,
  signal: AbortSignal,
  read: ReadKeys = parseKeySet,
): Promise<Observation> {
  // Validators of another place say nothing here: a 304 to them would confirm a set that this place never published.
  const validators = known?.url === url ? known : undefined;
  const answer = await http.get({ url, network, mayAuthorize, ...(validators ? { validators } : {}) }, signal);
  const lifetimeMs = lifetimeMsOf(answer.headers);
  // RFC 9111 §4.3.4: a 304 brings new metadata for the stored answer, and keeps what it does not mention.
  // Where a redirect leads may change, and the next place may use the same validator: those of such an answer are forgotten.
  const own = answer.isRedirected ? undefined : validatorsOf(url, answer.headers);
  const kept = own ?? (answer.status === 304 ? validators : undefined);
  const about = {
    ...(lifetimeMs === undefined ? {} : { lifetimeMs }),
    ...(kept ? { validators: kept } : {}),
    size: { bytes: answer.body.length, upstreamAgeMs: ageMsOf(answer.headers) },
  };
  if (answer.status === 304) return { kind: 'unchanged', ...about };
  const parsed = await located(url, () => read(answer.body, algorithms, pausesBy(clock)));
  if (answer.isPage && parsed.keys.length === 0) throw pageInstead().at({ host: new URL(url).host, stage: 'json' });
  return { kind: 'published', ...parsed, ...about };
}

/** Says of a document that cannot be used where it came from. @throws {KeyFetchFailure} */
export async function located<Value>(url: string, read: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    throw KeyFetchFailure.of(error).at({ host: new URL(url).host, stage: 'json' });
  }
}
