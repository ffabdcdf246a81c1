/** Rules of the configuration about single claims: which value a claim must have for a token to be accepted. */
import { isJsonArray, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import { listed, type RuleText, type TimelessRule } from './claim-check.js';
import { claimAbsence, claimReader, claimText, type ClaimName } from './claim-name.js';
import { clientIdIn, scopesIn, type ClaimNames, type ClaimNamesTerms } from './claim-names.js';
import { NameDoubt } from './name-doubt.js';
import { grantsKey, scopeMembers } from './scope.js';

/** A JSON scalar that a rule compares with, exactly and without conversion: `'10'` is not `10`. */
export type ClaimScalar = string | number | boolean;

/** One comparison with one claim. A claim that is absent satisfies none. */
export interface ClaimComparison {
  /** `client_id` is the client as the issuer names it; `scope`, where a member of it is asked for, what answers show as scope. */
  readonly claim: ClaimName;
  readonly equals?: ClaimScalar | undefined;
  readonly oneOf?: readonly ClaimScalar[] | undefined;
  /** The claim is this value, or an array with it; `scope` and `scp` are also split at spaces. */
  readonly contains?: ClaimScalar | undefined;
  readonly containsAny?: readonly ClaimScalar[] | undefined;
  /** The claim is an object with a member of this name, which is neither null nor false. */
  readonly containsKey?: string | undefined;
  readonly startsWith?: string | undefined;
}

/** One rule for one claim, with exactly one comparison. */
export interface ClaimRule extends ClaimComparison {
  /** A token without the claim satisfies the rule as well. */
  readonly optional?: boolean | undefined;
}

/** What an issuer's own rules say about the claims of its tokens. */
export interface ClaimRuleTerms extends ClaimNamesTerms {
  /** All must hold. */
  readonly rules: readonly ClaimRule[];
}

/** A rule, compiled: it holds for the tokens of an issuer with these names. Immutable, but for the doubt. */
export interface CompiledRule {
  /** The claim, as operators read of it. */
  readonly claim: string;
  readonly doubt: NameDoubt | undefined;
  holds(claims: JsonObject, names: ClaimNames): boolean;
  textFor(names: ClaimNames): RuleText;
}

/**
 * The rules of the configuration, each as a check of its own. Comparison is exact; there are no patterns to be slow or
 * clever (E-09).
 * @throws {RangeError} for a rule that has not exactly one comparison, or names no claim
 */
export function requireRules({ rules, names }: ClaimRuleTerms): readonly TimelessRule[] {
  return rules.map((rule) => {
    const compiled = compileRule(rule);
    const { claim } = compiled;
    return {
      about: compiled.textFor(names),
      check: ({ claims }) => (compiled.holds(claims, names) ? undefined : new Rejection('rule_failed', claim)),
    };
  });
}

/** @throws {RangeError} for a rule that has not exactly one comparison, or names no claim */
export function compileRule(rule: ClaimRule): CompiledRule {
  const claim = claimText(rule.claim);
  const comparison = predicateOf(rule);
  const isAbsent = rule.optional === true ? absenceFor(rule) : undefined;
  return {
    claim,
    doubt: NameDoubt.about(rule.claim),
    holds: isAbsent ? (claims, names) => isAbsent(claims, names) || comparison(claims, names) : comparison,
    textFor: (names) => ruleText(rule, names),
  };
}

type Predicate = (claims: JsonObject, names: ClaimNames) => boolean;
type Read<Found> = (claims: JsonObject, names: ClaimNames) => Found;

/** A comparison counts when it has a value: a member that is there and undefined would be satisfied by absence. */
function predicateOf(rule: ClaimComparison): Predicate {
  const { equals, oneOf, contains, containsAny, containsKey, startsWith } = rule;
  const read = valueReader(rule);
  const members = membersReader(rule, read);
  const predicates = [
    equals !== undefined && isAmong([equals], read),
    oneOf !== undefined && isAmong(oneOf, read),
    contains !== undefined && hasAmong([contains], members),
    containsAny !== undefined && hasAmong(containsAny, members),
    containsKey !== undefined &&
      ((claims: JsonObject, names: ClaimNames) => grantsKey(read(claims, names), containsKey)),
    startsWith !== undefined && ((claims: JsonObject, names: ClaimNames) => hasPrefix(read(claims, names), startsWith)),
  ].filter((predicate) => predicate !== false);
  const [only] = predicates;
  if (!only || predicates.length > 1) throw new RangeError('a rule has exactly one comparison');
  return only;
}

function isAmong(wanted: readonly ClaimScalar[], read: Read<JsonValue | undefined>): Predicate {
  const set: ReadonlySet<unknown> = new Set(wanted);
  return (claims, names) => set.has(read(claims, names));
}

/** Whether one of the values that `read` finds is one of `wanted`. */
function hasAmong(wanted: readonly ClaimScalar[], read: Read<readonly (JsonValue | undefined)[]>): Predicate {
  const set: ReadonlySet<unknown> = new Set(wanted);
  return (claims, names) => read(claims, names).some((value) => set.has(value));
}

/** The client is whatever the issuer calls so; it never is the one that answers are given where a token names none. */
function valueReader({ claim }: ClaimComparison): Read<JsonValue | undefined> {
  return claimText(claim) === 'client_id' ? clientIdIn : claimReader(claim);
}

/** An array's members, or the one value. Scopes are what the answer will show as `scope` (R7662-23). */
function membersReader(
  { claim }: ClaimComparison,
  read: Read<JsonValue | undefined>,
): Read<readonly (JsonValue | undefined)[]> {
  switch (claimText(claim)) {
    case 'scope':
      return (claims, names) => scopesIn(claims, names) ?? [];
    case 'scp':
      return (claims, names) => scopeMembers(read(claims, names)) ?? [];
    default:
      return (claims, names) => {
        const value = read(claims, names);
        return isJsonArray(value) ? value : [value];
      };
  }
}

/** Whether a token has none of the claims that a rule reads. One that is there and says nothing is not absent. */
function absenceFor(rule: ClaimRule): Predicate {
  const isAbsent = claimAbsence(rule.claim);
  return (claims, names) => claimsRead(rule, names)?.every(({ isAbsentIn }) => isAbsentIn(claims)) ?? isAbsent(claims);
}

/** The claims that a rule reads in place of the one that it names. */
function claimsRead(
  { claim, contains, containsAny }: ClaimComparison,
  names: ClaimNames,
): ClaimNames['clientIdClaims'] | undefined {
  const text = claimText(claim);
  if (text === 'client_id') return names.clientIdClaims;
  return text === 'scope' && (contains !== undefined || containsAny !== undefined) ? names.scopeClaims : undefined;
}

function hasPrefix(value: JsonValue | undefined, prefix: string): boolean {
  return typeof value === 'string' && value.startsWith(prefix);
}

function ruleText(rule: ClaimRule, names: ClaimNames): RuleText {
  const { claim, equals, oneOf, contains, containsAny, containsKey, startsWith, optional } = rule;
  const comparisons = [
    equals === undefined ? '' : `equal to ${JSON.stringify(equals)}`,
    oneOf ? `one of ${listed(oneOf)}` : '',
    contains === undefined ? '' : `${JSON.stringify(contains)}, or a list with it`,
    containsAny ? `one of ${listed(containsAny)}, or a list with one of them` : '',
    containsKey === undefined ? '' : `an object with the member ${JSON.stringify(containsKey)}, neither null nor false`,
    startsWith === undefined ? '' : `a text that starts with ${JSON.stringify(startsWith)}`,
    optional === true ? '; it may be absent' : '',
  ];
  return {
    rule: `rule for ${claimText(claim)}`,
    source: 'configuration (rules)',
    claims: claimsRead(rule, names)?.map((read) => read.claim) ?? [claim],
    expected: comparisons.join(''),
  };
}
