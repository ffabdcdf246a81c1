import type { Caller } from '../callers/caller.js';
import type { Issuer } from '../issuers/issuer.js';
import type { JsonObject } from '../shared/json-value.js';
import type { VerificationStep } from '../verification/verification-step.js';

/** What a {@link Witness} hears of the {@link Introspector}. */
export type IntrospectionStep =
  | VerificationStep
  | {
      /** The token is good; whether this caller may hear of it comes next. */
      readonly step: 'rights';
      readonly issuer: Issuer;
      readonly claims: JsonObject;
      readonly caller: Caller;
    };
