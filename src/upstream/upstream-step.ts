import type { Issuer } from '../issuers/issuer.js';
import type { RouteRule } from './opaque-routes.js';

/** Where an answer about an opaque token came from. */
export type AnswerOrigin = 'memory' | 'shared' | 'issuer';

/** What a witness is shown of an opaque token, before the steps that it has in common with a JWT. */
export type UpstreamStep =
  | {
      /** Whose it is; without an issuer, no rule gives it to exactly one. */
      readonly step: 'route';
      readonly issuer?: Issuer;
      readonly rule?: RouteRule;
    }
  | {
      /** Its issuer is asked, or what it has just said is remembered. */
      readonly step: 'upstream';
      readonly issuer: Issuer;
      readonly origin: AnswerOrigin;
    };
