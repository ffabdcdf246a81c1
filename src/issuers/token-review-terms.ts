/** How the API server of a Kubernetes cluster is asked about tokens: what the configuration says, made ready. */
import type { FileText } from '../shared/configuration/field.js';
import { nothingOf } from '../shared/configuration/nothing-of.js';
import type { Place } from '../shared/configuration/place.js';
import type { KeyUrlTerms } from '../shared/key-url.js';
import type { IssuerNetwork } from './issuer-network.js';
import { prepareNetwork } from './issuer-network.config.js';
import { soundKeyUrl } from './key-location.js';
import type { TokenReviewSection } from './token-review.config.js';

/** An API server of Kubernetes. */
export interface TokenReviewTerms {
  readonly kind: 'token_review';
  /** The URL that tokens are posted to. */
  readonly url: string;
  /** How it is reached, with the token that says who we are. */
  readonly network: IssuerNetwork;
  /** What a token has to be for, one of these. Never empty: without them the API server would take tokens for itself alone. */
  readonly audiences: ReadonlySet<string>;
  /** A token that is for one of these is a credential for the API server: nobody is asked about it, and nobody may use it here. */
  readonly ownAudiences: ReadonlySet<string>;
}

/** What is needed of a registration beside the section that says whom to ask. */
export interface AskingContext {
  /** Of that section. */
  readonly place: Place;
  /** The network of the registration, as it is written. */
  readonly terms: KeyUrlTerms;
  /** The same, made ready; absent where it has problems of its own. */
  readonly network: IssuerNetwork | undefined;
  readonly issuer: string;
  readonly audiences: readonly string[] | 'any';
}

const PATH = '/apis/authentication.k8s.io/v1/tokenreviews';

/** How API servers are called inside of clusters, and what tokens for them are usually for. */
const usualNames = [
  'https://kubernetes.default.svc.cluster.local',
  'https://kubernetes.default.svc',
  'https://kubernetes.default',
  'kubernetes.default.svc',
];

/** Makes the section ready. @returns undefined after reporting every problem */
export function prepareTokenReview(section: TokenReviewSection, context: AskingContext): TokenReviewTerms | undefined {
  const { server, caFile, bearerTokenFile, audiences: own, ...forgotten } = section;
  const { place, terms, issuer } = context;
  const base = prepareServer(server, place.at('server'), terms);
  const network = networkOf({ caFile, bearerTokenFile }, context);
  if (network && network.bearerToken === undefined)
    place
      .at('bearerTokenFile')
      .refuse('nothing', 'the file of a token of a service account with system:auth-delegator');
  const ownAudiences = new Set([issuer, server, server.replace(/\/$/, ''), ...usualNames]);
  const audiences = own ?? context.audiences;
  if (audiences === 'any') {
    place
      .at('audiences')
      .refuse('nothing', 'audiences by name: without them a token would have to be for the API server');
    return undefined;
  }
  audiences.forEach((audience, i) => {
    const at = own ? place.at('audiences').at(i) : place.at('audiences');
    const expected =
      'audiences of your services: a token for the API server is a credential there, and not to be shown here';
    if (ownAudiences.has(audience)) at.refuse('that of the API server', expected);
  });
  if (!place.isSound || base === undefined || !network) return undefined;
  return {
    ...nothingOf(forgotten),
    kind: 'token_review',
    url: base + PATH,
    network,
    audiences: new Set(audiences),
    ownAudiences,
  };
}

/** An API server may lie behind a path, as those of Rancher do, but not behind a query. */
function prepareServer(text: string, place: Place, terms: KeyUrlTerms): string | undefined {
  const url = soundKeyUrl(text, place, terms);
  if (!url?.includes('?')) return url?.replace(/\/+$/, '');
  place.refuse('a query in the URL', 'the URL of the API server alone, such as https://kubernetes.default.svc');
  return undefined;
}

/** The network of the registration, but for what the section says of its own. */
function networkOf(
  files: { readonly caFile: FileText | undefined; readonly bearerTokenFile: FileText | undefined },
  { place, network, terms: { allowPrivate } }: AskingContext,
): IssuerNetwork | undefined {
  const { caFile, bearerTokenFile } = files;
  const own = { allowPrivate, ...(caFile && { caFile }), ...(bearerTokenFile && { bearerTokenFile }) };
  const prepared = prepareNetwork(own, place);
  return network && prepared && { ...network, ...prepared };
}
