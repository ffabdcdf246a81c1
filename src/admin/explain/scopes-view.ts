import { scopesIn } from '../../claims/claim-names.js';
import { grantorOf, type ScopeHierarchy } from '../../claims/scope-hierarchy.js';
import type { Active } from '../../introspection/introspector.js';
import type { StepDetail } from './explanation.js';

/**
 * Shows an operator for each scope that a proxy needs whether the token has it, and which of its scopes implies it. Where the proxy needs none:
 * the scopes of the caller's hierarchy that another scope of the token implies. Other scopes of the token are not shown: an operator does not
 * need to know them.
 * @returns `undefined` where there is nothing to say
 */
export function scopesView(
  { issuer, jwt }: Pick<Active, 'issuer' | 'jwt'>,
  needed: readonly string[],
  hierarchy: ScopeHierarchy | undefined,
): readonly StepDetail[] | undefined {
  const held = scopesIn(jwt.claims, issuer.names) ?? [];
  const view = (scope: string): StepDetail => {
    const grantor = grantorOf(hierarchy, held, scope);
    const impliedBy = grantor === scope ? undefined : grantor;
    return { scope, holds: grantor !== undefined, ...(impliedBy !== undefined && { impliedBy }) };
  };
  if (needed.length > 0) return needed.map(view);
  const implied = (hierarchy?.names ?? []).map(view).filter(({ impliedBy }) => impliedBy !== undefined);
  return implied.length > 0 ? implied : undefined;
}
