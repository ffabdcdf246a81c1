import { scopesIn } from '../../claims/claim-names.js';
import { grantorOf, type ScopeHierarchy } from '../../claims/scope-hierarchy.js';
import type { Active } from '../../introspection/introspector.js';
import type { StepDetail } from './explanation.js';

/**
 * By which of the token's scopes it has each scope that a proxy needs, and which it lacks. Where no scope is asked for, those of the
 * hierarchy that it has by another one: names of the configuration alone, what else the token has is its user's business.
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
