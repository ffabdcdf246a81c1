import type { Issuer } from '../../issuers/issuer.js';
import type { Caller } from '../caller.js';
import type { RateLimit } from '../limits/rate-limit.js';
import type { SecretDigests } from '../methods/secret/secret-digest.js';

/** A registered caller with everything that could authenticate it; what it did not register is `undefined`. Immutable. */
export interface PreparedCaller {
  readonly caller: Caller;
  /** For `client_secret_basic` and `client_secret_post`. */
  readonly secrets: SecretDigests | undefined;
  /** For `private_key_jwt`: the caller as the issuer of its own assertions, whose keys are resolved like any issuer's. */
  readonly assertions: Issuer | undefined;
  /** For `tls_client_auth`: what its certificate must say, in the form that `certificate-identity.ts` compares. */
  readonly certificateIdentity: string | undefined;
  /** For a bearer token of a registered issuer. */
  readonly token: TokenRegistration | undefined;
  /** How often it may ask; `undefined`: as often as it likes. */
  readonly rateLimit: RateLimit | undefined;
  /** Proxies may ask in its name. */
  readonly proxy: ProxyProfile | undefined;
}

/** What proxies that ask in the name of a caller tell their clients. */
export interface ProxyProfile {
  /** URL of the protected resource metadata (RFC 9728 §5.1); printable, without quotes. */
  readonly resourceMetadata?: string;
}

/** Whose bearer token authenticates a caller. */
export interface TokenRegistration {
  /** Short id of a registered issuer. */
  readonly issuer: string;
  /** Compared with `sub`, code point by code point. */
  readonly subject: string;
  /** What the token's `aud` must name: the token has to be made for us. */
  readonly audience: string;
}
