import { isJsonArray, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import { type Described, listed, type RuleText } from './claim-check.js';
import { scopeMembers, scopesOf } from './scope.js';

/** A JSON scalar that a rule compares with, exactly and without conversion: `'10'` is not `10`. */
export type ClaimScalar = string | number | boolean;

/**
 * One rule for one claim, with exactly one comparison. The claim's name is literal: `kubernetes.io` and
 * `https://example.com/tenant` are names, not paths. A claim that is absent satisfies no rule.
 */
export interface ClaimRule {
  readonly claim: string;
  readonly equals?: ClaimScalar | undefined;
  readonly oneOf?: readonly ClaimScalar[] | undefined;
  /** The claim is this value, or an array with it; `scope` and `scp` are also split at spaces. */
  readonly contains?: ClaimScalar | undefined;
  readonly containsAny?: readonly ClaimScalar[] | undefined;
  readonly startsWith?: string | undefined;
}

/** What an issuer's own rules say about the claims of its tokens. */
export interface ClaimRuleTerms {
  /** All must hold. */
  readonly rules: readonly ClaimRule[];
}

/**
 * The rules of the configuration, each as a check of its own. Comparison is exact; there are no patterns to be slow or
 * clever (E-09).
 * @throws {RangeError} for a rule that has not exactly one comparison
 */
export function requireRules({ rules }: ClaimRuleTerms): readonly Described[] {
  return rules.map((rule) => {
    const holds = predicateOf(rule);
    return {
      about: ruleText(rule),
      check: ({ claims }) => (holds(claims) ? undefined : new Rejection('rule_failed', rule.claim)),
    };
  });
}

type Predicate = (claims: JsonObject) => boolean;

/** A comparison counts when it has a value: a member that is there and undefined would be satisfied by absence. */
function predicateOf({ claim, equals, oneOf, contains, containsAny, startsWith }: ClaimRule): Predicate {
  const predicates = [
    equals !== undefined && isAmong([equals], (claims) => [claims[claim]]),
    oneOf !== undefined && isAmong(oneOf, (claims) => [claims[claim]]),
    contains !== undefined && isAmong([contains], (claims) => membersOf(claims, claim)),
    containsAny !== undefined && isAmong(containsAny, (claims) => membersOf(claims, claim)),
    startsWith !== undefined && ((claims: JsonObject) => hasPrefix(claims[claim], startsWith)),
  ].filter((predicate) => predicate !== false);
  const [only] = predicates;
  if (!only || predicates.length > 1) throw new RangeError('a rule has exactly one comparison');
  return only;
}

/** Whether one of the values that `read` finds is one of `wanted`. */
function isAmong(
  wanted: readonly ClaimScalar[],
  read: (claims: JsonObject) => readonly (JsonValue | undefined)[],
): Predicate {
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

function hasPrefix(value: JsonValue | undefined, prefix: string): boolean {
  return typeof value === 'string' && value.startsWith(prefix);
}

function ruleText({ claim, equals, oneOf, contains, containsAny, startsWith }: ClaimRule): RuleText {
  const comparisons = [
    equals === undefined ? '' : `equal to ${JSON.stringify(equals)}`,
    oneOf ? `one of ${listed(oneOf)}` : '',
    contains === undefined ? '' : `${JSON.stringify(contains)}, or a list with it`,
    containsAny ? `one of ${listed(containsAny)}, or a list with one of them` : '',
    startsWith === undefined ? '' : `a text that starts with ${JSON.stringify(startsWith)}`,
  ];
  return {
    rule: `rule for ${claim}`,
    source: 'configuration (rules)',
    claims: [claim],
    expected: comparisons.join(''),
  };
}
