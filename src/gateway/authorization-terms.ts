import { isScopeClaim, scopeMembers } from '../claims/scope.js';
import { OAuthError } from '../transport/oauth-error.js';

/** What the configuration of a proxy says about its requests. */
export interface AuthorizationTerms {
  /** In whose name it asks. */
  readonly callerId?: string;
  readonly scopes: readonly string[];
}

/**
 * Reads `caller` and `scope`, the same from a query and from Envoy's context extensions. What is misspelt, repeated or empty is
 * refused: a check that is written down must not vanish in silence.
 * @throws {OAuthError} 400
 */
export function authorizationTerms(pairs: Iterable<readonly [name: string, value: string]>): AuthorizationTerms {
  const terms = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (name !== 'caller' && name !== 'scope') throw wrong('only caller and scope are known');
    if (value === '' || terms.has(name)) throw wrong('caller and scope are given once, with a value');
    terms.set(name, value);
  }
  const callerId = terms.get('caller');
  return { scopes: scopesIn(terms.get('scope')), ...(callerId !== undefined && { callerId }) };
}

function scopesIn(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const scopes = isScopeClaim(text) ? (scopeMembers(text) ?? []) : [];
  if (scopes.length === 0) throw wrong('scope is no list of scopes');
  return scopes;
}

function wrong(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}
