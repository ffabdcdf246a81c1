import type { Issuer } from '../issuers/issuer.js';

/** On whose behalf an issuer is asked about a token that only it can read. */
export interface OpaqueAsker {
  /** Id of the caller, who is charged for what has to be asked. */
  readonly id: string;
  /** Whether the caller may see tokens of this issuer at all: for one that may not, nobody is asked. */
  readonly mayUse: (issuer: Issuer) => boolean;
  /** The registered id that the request gives as `issuer_hint`. */
  readonly hint?: string | undefined;
  /** An operator watches: nobody is charged. */
  readonly isFree?: boolean;
}
