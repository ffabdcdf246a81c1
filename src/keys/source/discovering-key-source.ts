/** Finds the key set by the issuer's metadata, and fetches it. */
import type { DiscoveryLocation } from '../../issuers/discovery-location.js';
import { MetadataRefused, readDiscoveryMetadata, wellKnownUrls } from '../../issuers/discovery-metadata.js';
import type { Issuer } from '../../issuers/issuer.js';
import { maskedUrl } from '../../shared/key-url.js';
import type { Clock } from '../../shared/clock.js';
import type { GuardedHttp } from './guarded-http.js';
import { fetchKeySet, located } from './http-key-source.js';
import { KeyFetchFailure } from './key-fetch-failure.js';
import { KeySource, type KeySourceEvents, type Observation, type Validators } from './key-source.js';

/** Metadata hardly ever changes, and reading it costs the issuer a second request. */
const METADATA_LIFE_MS = 60 * 60 * 1_000;
/** Metadata that could not be reached is asked for again after this long. */
const METADATA_RETRY_MS = 5 * 60 * 1_000;
/** A key set that fails this often in a row may have moved. */
const FAILURES_UNTIL_REREAD = 3;

/** Where metadata said the keys are. */
interface Found {
  readonly jwksUri: string;
  /** Where it said so. */
  readonly metadataUrl: string;
  readonly untilMs: number;
}

/** The key set that the issuer's own metadata names (RFC 8414, OpenID Connect Discovery). */
export class DiscoveringKeySource extends KeySource {
  private readonly urls: readonly string[];
  /** Which well-known form is asked first: the one that worked, or the one after a form that used up the time. */
  private preferred = 0;
  private found: Found | undefined;
  private failures = 0;

  constructor(
    private readonly location: DiscoveryLocation,
    private readonly issuer: () => Issuer,
    private readonly http: GuardedHttp,
    private readonly clock: Clock,
    private readonly events: KeySourceEvents,
  ) {
    super();
    this.urls = location.url === undefined ? wellKnownUrls(issuer().issuer, location.mode) : [location.url];
  }

  override async fetch(known: Validators | undefined, signal: AbortSignal): Promise<Observation> {
    const isDue = !this.found || this.found.untilMs <= this.clock.monoMs() || this.failures >= FAILURES_UNTIL_REREAD;
    const found = isDue || !this.found ? await this.rediscover(signal) : this.found;
    try {
      const observation = await this.fetchFrom(found, known, signal);
      this.failures = 0;
      return observation;
    } catch (error) {
      this.failures++;
      const isGone = error instanceof KeyFetchFailure && (error.status === 404 || error.status === 410);
      if (!isGone || isDue) throw error;
      const moved = await this.discover(signal);
      if (moved.jwksUri === found.jwksUri) throw error;
      return this.fetchFrom(moved, known, signal);
    }
  }

  /**
   * Metadata that cannot be reached leaves us with what it said before: a second endpoint must not be a second way to
   * lose the keys. Metadata that says something we must not use is believed, and the keys age.
   */
  private async rediscover(signal: AbortSignal): Promise<Found> {
    try {
      return await this.discover(signal);
    } catch (error) {
      if (!this.found || KeyFetchFailure.of(error).category === 'metadata') throw error;
      this.found = { ...this.found, untilMs: this.clock.monoMs() + METADATA_RETRY_MS };
      this.failures = 0;
      if (signal.aborted) throw error;
      return this.found;
    }
  }

  private fetchFrom(found: Found, known: Validators | undefined, signal: AbortSignal): Promise<Observation> {
    const { network, algorithms } = this.issuer();
    const { http, clock } = this;
    // The configuration chose where the metadata is; an unknown host that the metadata names gets no credentials of ours.
    const mayAuthorize = this.isOurs(new URL(found.jwksUri), new URL(found.metadataUrl));
    return fetchKeySet({ http, clock }, { url: found.jwksUri, network, algorithms, mayAuthorize }, known, signal);
  }

  private isOurs(keySet: URL, metadata: URL): boolean {
    const { jwksHosts } = this.location;
    return keySet.origin === metadata.origin || jwksHosts.includes(keySet.hostname) || jwksHosts.includes(keySet.host);
  }

  /** Asks each well-known form in turn until one may be used. */
  private async discover(signal: AbortSignal): Promise<Found> {
    let failure = new KeyFetchFailure('metadata', 'no metadata');
    for (let i = 0; i < this.urls.length; i++) {
      const at = (this.preferred + i) % this.urls.length;
      const url = this.urls[at] ?? '';
      try {
        const jwksUri = await this.readMetadata(url, signal);
        this.preferred = at;
        return this.remember(jwksUri, url);
      } catch (error) {
        failure = moreInformative(failure, KeyFetchFailure.of(error));
        // The time is used up. The next fetch starts with the next form, or this one could hide the others for ever.
        if (signal.aborted) this.preferred = at + 1;
        if (signal.aborted) break;
      }
    }
    throw failure;
  }

  private async readMetadata(url: string, signal: AbortSignal): Promise<string> {
    const { issuer, metadataIssuers, network } = this.issuer();
    const { body } = await this.http.get({ url, network, mayAuthorize: true }, signal);
    const { allowPrivate } = network;
    const { jwksHosts } = this.location;
    const mustBeListed = network.proxy !== undefined;
    const terms = { issuer, metadataIssuers, metadataUrl: url, allowPrivate, jwksHosts, mustBeListed };
    return located(url, () => {
      try {
        return readDiscoveryMetadata(body, terms).jwksUri;
      } catch (error) {
        if (error instanceof MetadataRefused) {
          const { message, named } = error;
          throw new KeyFetchFailure('metadata', message, { cause: error, ...(named !== undefined && { named }) });
        }
        throw error;
      }
    });
  }

  private remember(jwksUri: string, metadataUrl: string): Found {
    const before = this.found?.jwksUri;
    if (before !== undefined && before !== jwksUri) {
      const { id: issuerId } = this.issuer();
      this.events.report({ event: 'key_set_moved', issuerId, from: maskedUrl(before), to: maskedUrl(jwksUri) });
    }
    this.found = { jwksUri, metadataUrl, untilMs: this.clock.monoMs() + METADATA_LIFE_MS };
    this.failures = 0;
    return this.found;
  }
}

/** Of several forms most are usually just not there; what went wrong with the one that is there says more. */
function moreInformative(one: KeyFetchFailure, other: KeyFetchFailure): KeyFetchFailure {
  return one.category === 'metadata' && one.message !== 'no metadata' && other.category === 'status_4xx' ? one : other;
}
