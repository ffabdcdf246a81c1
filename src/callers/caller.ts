/** Who may ask, and what of a token each of them may see. */
import { namesAnyOf } from '../claims/audience.js';
import type { ClaimNames } from '../claims/claim-names.js';
import type { CompiledRule } from '../claims/claim-rule.js';
import type { DpopTerms } from '../proofs/proof-terms.js';
import type { JsonObject } from '../shared/json-value.js';
import type { Algorithm } from '../tokens/algorithms.js';

/** A set of names that something is granted, or the word `any`. Absence does not exist: it must be written out. */
export type Grant = ReadonlySet<string> | 'any';

/** Which tokens a caller may revoke: none, those that were issued to it, those for its audiences, or all that it may see. */
export const revokeRights = ['none', 'own', 'audience', 'any'] as const;

/** One of {@link revokeRights}. */
export type RevokeRight = (typeof revokeRights)[number];

/** How much an answer says: what the caller may see, or the least that it needs. */
export const answerDetails = ['full', 'minimal'] as const;

/** One of {@link answerDetails}. */
export type AnswerDetail = (typeof answerDetails)[number];

/**
 * Members of an answer that every caller sees. `cnf` is among them, because an answer without it would turn a bound
 * token into a bearer token (RFC 7800 §3.1, R8705-09).
 */
export const alwaysVisible: ReadonlySet<string> = new Set([
  'active',
  'iss',
  'aud',
  'exp',
  'iat',
  'client_id',
  'token_type',
  'cnf',
]);

/** A protected resource (RFC 7662) that may ask us, and what it may ask and see. Immutable. */
export interface Caller {
  /** Also the OAuth `client_id` it authenticates with. */
  readonly id: string;
  /** Ids of issuers whose tokens it may see. */
  readonly issuers: Grant;
  /** A token must name one of these in `aud`. */
  readonly audiences: Grant;
  /** What a token must say besides, all of it; absent: nothing. */
  readonly require?: readonly CompiledRule[];
  /** Claims it may see beyond those that are {@link alwaysVisible}. */
  readonly claims: Grant;
  /** Members of claims that it may see, of claims that it may not see as a whole; absent: none. */
  readonly members?: GrantedMembers;
  /** Which of the tokens that it may see it may also revoke; absent: none. */
  readonly revoke?: RevokeRight;
  /** `minimal`: its answers say that a token is good, and how long and with which proof, and nothing of whose it is. */
  readonly answer?: AnswerDetail;
  /** How answers to it are signed; absent: they are plain, whatever it asks for. */
  readonly signed?: AnswerSigning;
  /** It tells registrations of one `iss` apart by the member `assay_issuer`, which its answers then have. */
  readonly readsIssuerId?: boolean;
  /** Which DPoP proofs of its clients are good; absent: those that usually are. */
  readonly dpop?: DpopTerms;
}

/** How answers to a caller are signed (RFC 9701). Immutable. */
export interface AnswerSigning {
  readonly alg: Algorithm;
  /** Who it is as a reader of them: `aud`. */
  readonly audience: string;
  /** It gets signed answers only. */
  readonly isRequired: boolean;
}

/** Members of an object that are granted, by name: whole, or some members of theirs. No name is `__proto__`. */
export type GrantedMembers = ReadonlyMap<string, GrantedMembers | 'whole'>;

/** Whether `grant` covers `name`. */
export function grants(grant: Grant, name: string): boolean {
  return grant === 'any' || grant.has(name);
}

/** Whether `caller` may see a token with these claims; one without an audience only where it may see those for any. */
export function mayIntrospect({ audiences }: Pick<Caller, 'audiences'>, claims: JsonObject): boolean {
  return audiences === 'any' || namesAnyOf(claims, audiences);
}

/** What `caller` requires of a token, and this one does not say; a claim that is absent says nothing. */
export function unmetRequirement(
  { require }: Pick<Caller, 'require'>,
  claims: JsonObject,
  names: ClaimNames,
): CompiledRule | undefined {
  return require?.find((rule) => !rule.holds(claims, names));
}

/** Whether `caller` may see any token at all: one that may not is refused when it authenticates (RFC 7662 §4, X08). */
export function hasAnyRight({ issuers, audiences }: Caller): boolean {
  return !isEmpty(issuers) && !isEmpty(audiences);
}

function isEmpty(grant: Grant): boolean {
  return grant !== 'any' && grant.size === 0;
}
