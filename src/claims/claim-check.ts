/** What a check of claims is: every file of this folder that judges tokens has one. */
import type { JsonObject } from '../shared/json-value.js';
import type { Rejection } from '../tokens/rejection.js';
import type { JwtHeader } from '../tokens/unverified-jwt.js';
import type { ClaimName } from './claim-name.js';

/** What a check of claims is about, for operators. Made once, when the policy is. */
export interface RuleText {
  readonly rule: string;
  /** Paragraph of a standard, or the key of the configuration. */
  readonly source: string;
  /** Claims that it reads. */
  readonly claims: readonly ClaimName[];
  readonly expected: string;
}

/** What a {@link Witness} is shown of one rule. */
export interface ClaimStep {
  readonly step: 'rule';
  readonly about: RuleText;
  /** Those of the claims that the token has, by their names or pointers. */
  readonly found: JsonObject;
  /** What may be wrong with the rule: a name that looks like a path, and that the token does not have. */
  readonly hint: string | undefined;
  /** Absent: the rule holds. */
  readonly refusal: Rejection | undefined;
}

/** Values in a sentence, as JSON; a long list is cut. */
export function listed(values: Iterable<string | number | boolean>): string {
  const all = [...values].map((value) => JSON.stringify(value));
  const shown = all.slice(0, MOST_LISTED).join(', ') || 'nothing';
  return all.length > MOST_LISTED ? `${shown} and ${all.length - MOST_LISTED} more` : shown;
}

const MOST_LISTED = 8;

/** What a token says, verified or not. */
export interface JwtContent {
  /** What it says of its own kind; nothing where the token is none that could. */
  readonly header: Partial<JwtHeader>;
  readonly claims: JsonObject;
}

/**
 * One check of one paragraph: `undefined` when the token passes. `nowSeconds` is wall time in seconds since the epoch.
 * It may also read a token that nobody has verified, because all it can do is refuse.
 */
export type ClaimCheck = (jwt: JwtContent, nowSeconds: number) => Rejection | undefined;

/** A check that is not given the time: what it says about a token, it says of it for ever. */
export type TimelessCheck = (jwt: JwtContent) => Rejection | undefined;

/** A rule whose verdict about a token never changes. */
export interface TimelessRule {
  readonly about: RuleText;
  readonly check: TimelessCheck;
  readonly asksTime?: false;
}

interface TimedRule {
  readonly about: RuleText;
  readonly check: ClaimCheck;
  /** Such rules are asked again about a token that has passed before. Without this, a check that takes the time does not compile. */
  readonly asksTime: true;
}

/** A check, and what operators read of it. */
export type Described = TimelessRule | TimedRule;

/**
 * What the file of a check brings: a function from the terms that it reads to the check with its text, or to a list of
 * them where the terms say how many there are.
 */
export type MakeCheck<Terms = never> = (terms: Terms) => Described | readonly Described[];
