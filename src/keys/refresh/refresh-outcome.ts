import type { KeyFetchCategory } from '../source/key-fetch-failure.js';
import type { FetchDenied } from '../store/key-store.js';

/** What came of a wish to fetch from an issuer now. */
export type RefreshOutcome =
  | { readonly outcome: 'fetched' }
  | { readonly outcome: 'failed'; readonly category: KeyFetchCategory }
  | {
      /** Not now: too soon after another fetch, the issuer failed lately, or somebody else is fetching. */
      readonly outcome: 'denied';
      readonly verdict: FetchDenied['verdict'];
      readonly retryInMs: number;
    };
