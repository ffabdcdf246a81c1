import type { Issuer } from '../issuers/issuer.js';
import type { RouteRule } from './opaque-routes.js';
import type { AskedIssuer } from './asking-way.js';

/** Where an answer about a token came from. */
export type AnswerOrigin = 'memory' | 'shared' | 'issuer';

/** What a witness is shown of a token that its issuer is asked about: for `recheck` the last step before rights, else the first ones. */
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
      readonly issuer: AskedIssuer;
      readonly origin: AnswerOrigin;
    }
  | {
      /** Its keys are good, and its issuer is asked whether it still holds; without an origin nobody is. */
      readonly step: 'recheck';
      readonly issuer: AskedIssuer;
      readonly origin?: AnswerOrigin;
      /** It could not be asked, and the token is accepted nevertheless. */
      readonly isUnknown?: true;
    };
