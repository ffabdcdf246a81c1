import type { Caller } from '../callers/caller.js';
import type { Rejection } from '../tokens/rejection.js';
import type { GoodToken } from '../verification/token-verifier.js';

/** A good token that this caller may see. The only thing from which an active answer can be made. */
export interface Active extends GoodToken {
  readonly active: true;
  readonly caller: Caller;
}

/** Not a good token, or none of this caller's business: to the caller these are the same. */
export interface Inactive {
  readonly active: false;
  readonly rejection: Rejection;
}

/** A verdict is a value (style rule 3). */
export type IntrospectionResult = Active | Inactive;
