import {
  MetadataRefused,
  readIntrospectionEndpoint,
  wellKnownUrls,
  type IssuerMetadataTerms,
} from '../issuers/discovery-metadata.js';
import type { DiscoveryLocation } from '../issuers/discovery-location.js';
import type { GuardedHttp } from '../keys/source/guarded-http.js';
import type { Clock } from '../shared/clock.js';
import type { AskedIssuer } from './asking-way.js';
import { UpstreamFailure } from './upstream-failure.js';

/** Metadata hardly ever changes. */
const METADATA_LIFE_MS = 60 * 60 * 1_000;
/** Metadata that could not be reached is asked for again after this long; what it said before is used meanwhile. */
const METADATA_RETRY_MS = 60 * 1_000;

/** An endpoint, and since when it is known. */
interface Found {
  readonly url: string;
  readonly untilMs: number;
}

/** Knows at which URL an issuer is asked about its tokens: the one of the configuration, or the one of the issuer's own metadata. */
export class EndpointFinder {
  private found: Found | undefined;
  private search: Promise<string> | undefined;

  constructor(
    private readonly issuer: AskedIssuer,
    private readonly endpoint: string | undefined,
    private readonly http: Pick<GuardedHttp, 'get'>,
    private readonly clock: Clock,
  ) {}

  /**
   * @param signal of whoever asks first; all others wait for the same search
   * @throws {UpstreamFailure}
   */
  async find(signal: AbortSignal): Promise<string> {
    if (this.endpoint !== undefined) return this.endpoint;
    if (this.found && this.clock.monoMs() < this.found.untilMs) return this.found.url;
    this.search ??= this.discover(signal).finally(() => {
      this.search = undefined;
    });
    return this.search;
  }

  private async discover(signal: AbortSignal): Promise<string> {
    try {
      return this.remember(await this.readFirst(signal), METADATA_LIFE_MS);
    } catch (error) {
      const failure = UpstreamFailure.of(error);
      // Metadata that says something that must not be used is believed; a second endpoint that is away is no reason to fail.
      if (!this.found || failure.category === 'metadata') throw failure;
      return this.remember(this.found.url, METADATA_RETRY_MS);
    }
  }

  private remember(url: string, lifeMs: number): string {
    this.found = { url, untilMs: this.clock.monoMs() + lifeMs };
    return url;
  }

  /** Asks each well-known form in turn until one names an endpoint. */
  private async readFirst(signal: AbortSignal): Promise<string> {
    const { issuer } = this.issuer;
    const { mode, url } = this.location;
    let failure: unknown = new UpstreamFailure('metadata', 'no metadata');
    for (const each of url === undefined ? wellKnownUrls(issuer, mode) : [url]) {
      try {
        return await this.read(each, signal);
      } catch (error) {
        failure = error instanceof MetadataRefused ? new UpstreamFailure('metadata', error.message) : error;
        if (signal.aborted) break;
      }
    }
    throw failure;
  }

  private async read(metadataUrl: string, signal: AbortSignal): Promise<string> {
    const { issuer, metadataIssuers, network } = this.issuer;
    const { body } = await this.http.get({ url: metadataUrl, network, mayAuthorize: true }, signal);
    const terms: IssuerMetadataTerms = {
      issuer,
      metadataIssuers,
      metadataUrl,
      allowPrivate: network.allowPrivate,
      jwksHosts: this.location.jwksHosts,
      // A key set of any host is harmless, because it is read. A token that is sent to any host is stolen.
      mustBeListed: true,
    };
    return readIntrospectionEndpoint(body, terms);
  }

  private get location(): Pick<DiscoveryLocation, 'mode' | 'jwksHosts' | 'url'> {
    const { keys } = this.issuer;
    return keys.kind === 'discovery' ? keys : { mode: 'auto', jwksHosts: [] };
  }
}
