import type { TokenReviewTerms } from '../issuers/token-review-terms.js';
import { namesAnyOf } from '../claims/audience.js';
import type { JsonObject } from '../shared/json-value.js';
import type { ClientRequests } from '../telemetry/client-requests.js';
import { Rejection } from '../tokens/rejection.js';
import type { AskedIssuer, AskedToken, AskingWay } from './asking-way.js';
import { readTokenReview, REVIEW_KIND } from './read-token-review.js';
import type { Said } from './read-answer.js';
import { UpstreamHttp } from './upstream-http.js';

/**
 * The API server of a Kubernetes cluster. It says of a token of a service account whether that, its pod, its node and its Secret are still
 * there, and for which of our audiences the token is.
 */
export class TokenReview implements AskingWay {
  private readonly http: UpstreamHttp;
  private readonly audiences: readonly string[];

  constructor(
    private readonly issuer: AskedIssuer,
    private readonly terms: TokenReviewTerms,
    requests: ClientRequests,
  ) {
    this.http = new UpstreamHttp(terms.network, issuer.opaque.inFlight, requests);
    this.audiences = [...terms.audiences];
  }

  async ask({ token, claims = {} }: AskedToken, signal: AbortSignal): Promise<Said> {
    const { url, network, audiences } = this.terms;
    const body = await this.http.post(
      {
        url,
        authorization: `Bearer ${network.bearerToken ?? ''}`,
        headers: network.headers,
        type: 'application/json',
        body: JSON.stringify({ ...REVIEW_KIND, spec: { token, audiences: this.audiences } }),
        accepts: 'application/json',
        status: 201,
      },
      signal,
    );
    const said = readTokenReview(body, { audiences, claims });
    return said instanceof Rejection ? said.about(this.issuer.id) : said;
  }

  close(): void {
    this.http.close();
  }
}

/**
 * Why the API server is not asked about a token. One that is for the API server itself is a credential there: whoever sends it to a service
 * has made a mistake, and an answer that calls it good would make it one for us, too.
 */
export function refuseUnreviewable(
  { audiences, ownAudiences }: TokenReviewTerms,
  claims: JsonObject,
): Rejection | undefined {
  if (namesAnyOf(claims, ownAudiences))
    return new Rejection('audience_mismatch', 'a credential for the API server itself');
  if (namesAnyOf(claims, audiences)) return undefined;
  return new Rejection('audience_mismatch', 'not for one of tokenReview.audiences');
}
