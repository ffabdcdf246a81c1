import type { KeyFetchCategory } from '../source/key-fetch-failure.js';
import type { Refusal } from '../store/key-store.js';

/** What came of a wish to look at an issuer now. */
export type RefreshOutcome =
  | { readonly outcome: 'looked' }
  | { readonly outcome: 'failed'; readonly category: KeyFetchCategory }
  | {
      /** Not now: too soon after another look, the issuer failed lately, or somebody else is looking. */
      readonly outcome: 'refused';
      readonly verdict: Refusal['verdict'];
      readonly retryInMs: number;
    };
