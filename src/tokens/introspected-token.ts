import type { JsonObject } from '../shared/json-value.js';
import type { JwtHeader } from './unverified-jwt.js';
import type { VerifiedJwt } from './verified-jwt.js';

declare const introspected: unique symbol;

/** A token as its issuer described it when it was asked. Only `upstream/vouched-answer.ts` makes one. */
export interface IntrospectedToken {
  readonly [introspected]: true;
  /** Empty where it is opaque: nobody has signed it. Of a JWT it is believed because its issuer was shown it. */
  readonly header: Partial<JwtHeader>;
  readonly claims: JsonObject;
  /** No key made a signature. */
  readonly keyThumbprint?: undefined;
}

/** A token that its issuer vouches for: by a signature, or by its answer. */
export type VouchedToken = VerifiedJwt | IntrospectedToken;
