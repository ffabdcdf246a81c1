import { isJsonArray, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import type { ClaimCheck } from './claim-policy.js';
import type { ClaimRule } from './claim-terms.js';
import { scopeMembers, scopesOf } from './scope.js';

/** A rule of the configuration as a check. Comparison is exact; there are no patterns to be slow or clever (E-09). */
export function requireRule(rule: ClaimRule): ClaimCheck {
  const holds = predicateOf(rule);
  return ({ claims }) => (holds(claims) ? undefined : new Rejection('rule_failed', rule.claim));
}

function predicateOf(rule: ClaimRule): (claims: JsonObject) => boolean {
  const { claim } = rule;
  if ('equals' in rule) return (claims) => claims[claim] === rule.equals;
  if ('startsWith' in rule) return (claims) => startsWith(claims[claim], rule.startsWith);
  if ('oneOf' in rule) return memberOf(rule.oneOf, (claims) => [claims[claim]]);
  const wanted = 'contains' in rule ? [rule.contains] : rule.containsAny;
  return memberOf(wanted, (claims) => membersOf(claims, claim));
}

/** Whether one of the values that `read` finds is one of `wanted`. */
function memberOf(
  wanted: readonly JsonValue[],
  read: (claims: JsonObject) => readonly (JsonValue | undefined)[],
): (claims: JsonObject) => boolean {
  const set: ReadonlySet<unknown> = new Set(wanted);
  return (claims) => read(claims).some((value) => set.has(value));
}

/** An array's members, or the one value. Scopes are what the answer will show as `scope` (R7662-23). */
function membersOf(claims: JsonObject, claim: string): readonly (JsonValue | undefined)[] {
  if (claim === 'scope') return scopesOf(claims) ?? [];
  if (claim === 'scp') return scopeMembers(claims['scp']) ?? [];
  const value = claims[claim];
  return isJsonArray(value) ? value : [value];
}

function startsWith(value: JsonValue | undefined, prefix: string): boolean {
  return typeof value === 'string' && value.startsWith(prefix);
}
