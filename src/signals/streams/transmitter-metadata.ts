/** What a transmitter says of itself (Shared Signals 1.0 §7): which members of subjects are critical, where it is asked about a stream, and whom it tells about. */
import { KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import type { IssuerNetwork } from '../../issuers/issuer-network.js';
import type { Clock } from '../../shared/clock.js';
import { isJsonArray, type JsonObject } from '../../shared/json-value.js';
import { readKeyUrl } from '../../shared/key-url.js';
import type { TransmitterHttp } from './transmitter-http.js';

/** What we use of it. */
export interface TransmitterMetadata {
  readonly criticalMembers: ReadonlySet<string>;
  readonly verificationUrl: string | undefined;
  /** Where the configuration of a stream is (§8.1.1); a failure where it must not be asked for there: events do not depend on it. */
  readonly configurationUrl: string | KeyFetchFailure | undefined;
  /** A new stream tells about nobody until subjects are added to it: `default_subjects` is `NONE`. */
  readonly beginsWithNobody: boolean;
}

/** By what metadata is judged. */
export interface TransmitterMetadataTerms {
  /** URL of the transmitter, which its metadata is found by. */
  readonly transmitter: string;
  /** What it must call itself: what `iss` of its events is. */
  readonly issuer: string;
  /** `host` or `host:port` that endpoints may be at besides the transmitter's own. */
  readonly signalHosts: readonly string[];
  readonly network: IssuerNetwork;
}

const WELL_KNOWN = '/.well-known/ssf-configuration';

/** Metadata hardly ever changes. In milliseconds. */
const LIFE_MS = 60 * 60_000;

/** What could not be read is asked for again after this long. In milliseconds. */
const RETRY_MS = 30_000;

/** Where it is: §7.2.1 puts the well-known words behind the host, and several transmitters behind everything. */
export function metadataUrls(transmitter: string): readonly string[] {
  const url = new URL(transmitter);
  const path = url.pathname.replace(/\/$/, '');
  const urls = [`${url.origin}${WELL_KNOWN}${path}`, `${url.origin}${path}${WELL_KNOWN}`];
  return [...new Set(urls)];
}

/** @throws {KeyFetchFailure} where it is not of this transmitter, or leads elsewhere */
export function readMetadata(
  { issuer: name, critical_subject_members: critical = [], ...said }: JsonObject,
  terms: TransmitterMetadataTerms,
): TransmitterMetadata {
  if (name !== terms.issuer) throw refused('the metadata is of another transmitter');
  const members = isJsonArray(critical) ? critical.filter((each) => typeof each === 'string') : undefined;
  if (members === undefined || !isJsonArray(critical) || members.length !== critical.length) {
    throw refused('critical_subject_members is not a list of names');
  }
  const verificationUrl = endpointOf('verification_endpoint', said, terms);
  if (verificationUrl instanceof KeyFetchFailure) throw verificationUrl;
  return {
    criticalMembers: new Set(members),
    verificationUrl,
    configurationUrl: endpointOf('configuration_endpoint', said, terms),
    beginsWithNobody: said['default_subjects'] === 'NONE',
  };
}

/** @returns a failure where it leads to where nobody may be asked */
function endpointOf(
  name: string,
  said: JsonObject,
  { transmitter, signalHosts, network }: TransmitterMetadataTerms,
): string | KeyFetchFailure | undefined {
  const endpoint = said[name];
  if (endpoint === undefined) return undefined;
  const url = typeof endpoint === 'string' ? readKeyUrl(endpoint, network) : undefined;
  if (!(url instanceof URL)) return refused(`${name} is no URL that may be asked`);
  const isListed = signalHosts.includes(url.hostname) || signalHosts.includes(url.host);
  if (url.origin === new URL(transmitter).origin || isListed) return url.href;
  return refused(`${name} is at a host that is neither the transmitter nor in signalHosts`);
}

function refused(detail: string): KeyFetchFailure {
  return new KeyFetchFailure('metadata', detail);
}

/** Reads the metadata of one transmitter, and again after a while. While it cannot be read, what was read last is used. */
export class MetadataSource {
  private known: TransmitterMetadata | undefined;
  private dueAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly tools: { readonly http: TransmitterHttp; readonly clock: Pick<Clock, 'monoMs'> }) {}

  /** Absent: never read yet. */
  get current(): TransmitterMetadata | undefined {
    return this.known;
  }

  /** Reads it where that is due. @throws {KeyFetchFailure} */
  async refresh(terms: TransmitterMetadataTerms, ending?: AbortSignal): Promise<void> {
    const nowMs = this.tools.clock.monoMs();
    if (nowMs < this.dueAtMs) return;
    this.dueAtMs = nowMs + RETRY_MS;
    let failure: unknown;
    for (const url of metadataUrls(terms.transmitter)) {
      try {
        const answer = await this.tools.http.ask({ url, network: terms.network }, ending);
        this.known = readMetadata(answer ?? {}, terms);
        this.dueAtMs = nowMs + LIFE_MS;
        return;
      } catch (error) {
        failure = failure instanceof KeyFetchFailure && failure.category === 'metadata' ? failure : error;
      }
    }
    throw failure;
  }
}
