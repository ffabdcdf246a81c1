import type { IssuerNetwork } from '../issuers/issuer-network.js';
import type { IntrospectionTerms, UpstreamCredentials } from '../issuers/opaque-terms.js';
import type { GuardedHttp } from '../keys/source/guarded-http.js';
import type { Clock } from '../shared/clock.js';
import type { ClientRequests } from '../telemetry/client-requests.js';
import type { AskedIssuer, AskedToken, AskingWay } from './asking-way.js';
import { present } from './client-credentials.js';
import { EndpointFinder } from './endpoint-finder.js';
import { parseAnswer, readAnswer, type Said } from './read-answer.js';
import type { SignedAnswers } from './signed-answers.js';
import { upstreamCategoryOf } from './upstream-failure.js';
import { UpstreamHttp } from './upstream-http.js';
import type { UpstreamReporter } from './upstream-reporter.js';

/** What {@link IntrospectionEndpoint} works with. */
export interface IntrospectionEndpointParts {
  readonly clock: Clock;
  /** For the metadata of issuers. */
  readonly http: Pick<GuardedHttp, 'get'>;
  /** Measures what is asked. */
  readonly requests: ClientRequests;
  readonly signedAnswers: SignedAnswers;
  readonly reporter: Pick<UpstreamReporter, 'changedCredentials'>;
}

/** Ourselves, as the issuer knows us by one of our credentials. */
interface Client {
  readonly credentials: UpstreamCredentials;
  readonly http: UpstreamHttp;
}

/** The introspection endpoint of an issuer (RFC 7662 §2), whose answers are plain JSON or, where that is required, signed (RFC 9701). */
export class IntrospectionEndpoint implements AskingWay {
  private readonly endpoint: EndpointFinder;
  private current: Client;
  private next: Client | undefined;

  constructor(
    private readonly issuer: AskedIssuer,
    private readonly terms: IntrospectionTerms,
    private readonly parts: IntrospectionEndpointParts,
  ) {
    const { endpoint, credentials, nextCredentials } = terms;
    this.endpoint = new EndpointFinder(issuer, endpoint, parts.http, parts.clock);
    this.current = clientOf(issuer, credentials, parts.requests);
    this.next = nextCredentials && clientOf(issuer, nextCredentials, parts.requests);
  }

  async ask({ token }: AskedToken, signal: AbortSignal): Promise<Said> {
    const url = await this.endpoint.find(signal);
    const { current, next } = this;
    try {
      return await this.askAs(current, url, token, signal);
    } catch (error) {
      if (!next || upstreamCategoryOf(error) !== 'credentials_refused') throw error;
      const said = await this.askAs(next, url, token, signal);
      // The issuer has changed over. The former stay behind, for where it goes back.
      if (this.current === current) [this.current, this.next] = [next, current];
      this.parts.reporter.changedCredentials(this.issuer.id);
      return said;
    }
  }

  close(): void {
    this.current.http.close();
    this.next?.http.close();
  }

  private async askAs({ credentials, http }: Client, url: string, token: string, signal: AbortSignal): Promise<Said> {
    const { issuer, parts } = this;
    const { isSigned } = this.terms;
    const { authorization, form } = await present(credentials, issuer.issuer, parts.clock.wallMs() / 1_000);
    const body = await http.post(
      {
        url,
        authorization,
        headers: issuer.network.headers,
        type: 'application/x-www-form-urlencoded',
        body: new URLSearchParams({ token, token_type_hint: 'access_token', ...form }).toString(),
        accepts: isSigned ? 'application/token-introspection+jwt' : 'application/json',
        status: 200,
      },
      signal,
    );
    if (!isSigned) return readAnswer(parseAnswer(body), body.length, issuer);
    return readAnswer(await parts.signedAnswers.read(body, issuer, credentials.clientId), body.length, issuer);
  }
}

function clientOf(issuer: AskedIssuer, credentials: UpstreamCredentials, requests: ClientRequests): Client {
  const network = networkFor(issuer, credentials);
  return { credentials, http: new UpstreamHttp(network, issuer.opaque.inFlight, requests) };
}

/** A certificate that proves who we are is shown instead of the one for fetches of keys. */
function networkFor({ network }: AskedIssuer, credentials: UpstreamCredentials): IssuerNetwork {
  if (credentials.kind !== 'certificate') return network;
  return { ...network, clientCertificate: { certificate: credentials.certificate, key: credentials.key } };
}
