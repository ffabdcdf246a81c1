import type { IssuerNetwork } from '../../issuers/issuer-network.js';

/** Another region, as the configuration names it. */
export interface AdminRegionTerms {
  /** Unique among the regions of the configuration. */
  readonly name: string;
  /** Where its admin API is, without a slash at the end. */
  readonly url: string;
  /** One of its `admin.tokens`: a secret, sent to `url` alone. */
  readonly token: string;
  readonly network: IssuerNetwork;
}
