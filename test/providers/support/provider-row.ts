/** What a row of the tables of providers says: what one of them publishes and issues, and what becomes of it here. */
import type { PresetName } from '../../../src/issuers/presets/preset.js';
import type { RejectionCode } from '../../../src/tokens/rejection.js';
import type { Members } from '../../builders/a-token.js';
import type { Section } from '../../e2e/support/configuration.js';

/** A token as a provider makes it. */
export interface Issued {
  /** Members of the header beside `alg` and `kid`; `undefined` takes one away. */
  readonly header?: Members;
  /** Beside `iss`, and `iat` and `exp` as it {@link lives}; `undefined` takes one away. */
  readonly claims?: Members;
  /** Seconds from `iat` to `exp`. */
  readonly lives?: number;
}

/** A kind of token that is accepted. */
export interface Accepted extends Issued {
  readonly what: string;
  /** All members of the answer, beside `active`, `iss`, `iat`, `exp` and `token_type`: what is not here must not be there. */
  readonly answer: Section;
}

/** What people send instead. It begins as the first accepted token of the row, changed in this way. */
export interface Refused extends Issued {
  readonly what: string;
  /** The whole of it, where it is no token that the provider's keys sign. */
  readonly text?: string;
  /** The claims that there are, instead of changes. */
  readonly whole?: Members;
  /** Members of the header that were others when it was signed. */
  readonly signedWith?: Members;
  readonly code: RejectionCode;
  /** What the operator is told, in part. */
  readonly hint: string;
}

/** One provider: its preset, and its tokens as its documentation shows them. */
export interface ProviderRow {
  readonly preset: PresetName;
  readonly iss: string;
  /** What its reader writes beside `preset` and the place of the keys. */
  readonly registration: Section;
  /** How its keys are found: metadata at a place of their own, a URL of keys, or the bundle of a trust domain. */
  readonly place: 'discoveryUrl' | 'jwksUri' | 'bundle';
  readonly alg: 'RS256' | 'ES256';
  /** What its key document says of a key beside what it is made of, and whether there is a certificate with it. */
  readonly published: Section & { readonly certificate?: true; readonly use?: string };
  /** What its metadata says otherwise than is usual. */
  readonly metadata?: Section;
  /** Members of the key document beside `keys`. */
  readonly document?: Section;
  /** Headers of the key document. */
  readonly headers: Readonly<Record<string, string>>;
  readonly accepted: readonly [Accepted, ...Accepted[]];
  readonly refused: readonly Refused[];
}
