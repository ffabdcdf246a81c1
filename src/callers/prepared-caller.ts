import type { Issuer } from '../issuers/issuer.js';
import type { Caller } from './caller.js';
import type { SecretDigests } from './secret-digest.js';

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
