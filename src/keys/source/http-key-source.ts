import type { Issuer } from '../../issuers/issuer.js';
import type { GuardedHttp } from './guarded-http.js';
import { KeySource, type Observation, type Validators } from './key-source.js';
import { fetchKeySet } from './fetch-key-set.js';

/** The key set at the URL that the configuration names (`jwksUri`). */
export class HttpKeySource extends KeySource {
  constructor(
    private readonly url: string,
    /** Asked anew for each fetch: a rotated bearer token takes effect at once. */
    private readonly issuer: () => Issuer,
    private readonly http: GuardedHttp,
  ) {
    super();
  }

  override fetch(known: Validators | undefined, signal: AbortSignal): Promise<Observation> {
    const { network, algorithms } = this.issuer();
    return fetchKeySet(this.http, { url: this.url, network, algorithms, mayAuthorize: true }, known, signal);
  }
}
