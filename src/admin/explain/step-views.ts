/** What an operator reads of each step of a verdict: bounded, masked, and nothing that only the subject of the token should know. */
import { grants, mayIntrospect, type Caller, type Grant } from '../../callers/caller.js';
import { memberPointers } from '../../callers/registration/granted-members.js';
import { registrationOf } from '../../issuers/subject-scope.js';
import type { ClaimStep } from '../../claims/claim-check.js';
import type { ClaimNames } from '../../claims/claim-names.js';
import type { CompiledRule } from '../../claims/claim-rule.js';
import { foundIn, hintIn } from '../../claims/claim-policy.js';
import type { IntrospectionStep } from '../../introspection/introspector.js';
import type { Issuer } from '../../issuers/issuer.js';
import type { JsonObject } from '../../shared/json-value.js';
import { mask, maskText } from '../../telemetry/mask.js';
import type { JwtHeader } from '../../tokens/unverified-jwt.js';
import { refusalView, type StepDetail } from './explanation.js';

/** Identifiers of registered issuers that this `iss` may have been meant to be. */
export type IssuerSuggestions = (iss: string) => readonly string[];

/** Members of a header that decide something (RFC 7515 §4.1, RFC 7519 §5); all others are not even looked at. */
const meaningful: ReadonlySet<string> = new Set([
  'alg',
  'kid',
  'typ',
  'cty',
  'crit',
  'b64',
  'zip',
  'iss',
  'sub',
  'aud',
]);

/** What a header says, as it was sent. What would choose a key (`jku`, `jwk`, `x5u`, `x5c`, …) is named, never shown. */
export function headerView(members: JsonObject): StepDetail {
  const entries = Object.entries(members);
  const ignored = entries.map(([name]) => name).filter((name) => !meaningful.has(name));
  return {
    header: mask(Object.fromEntries(entries.filter(([name]) => meaningful.has(name)))),
    ignored: ignored.map(maskText),
  };
}

export function suitabilityView({ algorithms, tokenTypes }: Issuer, { alg, typ = 'none' }: JwtHeader): StepDetail {
  return {
    algorithm: { found: alg, expected: [...algorithms], holds: algorithms.has(alg) },
    type: { found: maskText(typ), expected: [...tokenTypes], holds: tokenTypes.has(typ) },
  };
}

/** What a token says is shown bounded, and without anything token-shaped in it. */
export function ruleView({ about, found, hint, refusal }: ClaimStep): StepDetail {
  const { rule, source, expected } = about;
  return {
    rule,
    source,
    found: mask(found),
    expected,
    holds: refusal === undefined,
    ...(hint !== undefined && { hint: maskText(hint) }),
    ...(refusal && refusalView(refusal)),
  };
}

export function rightsView({ issuer, claims, caller }: IntrospectionStep & { step: 'rights' }): StepDetail {
  const id = registrationOf(issuer);
  return {
    issuer: { found: id, granted: grantView(caller.issuers), holds: grants(caller.issuers, id) },
    audience: {
      found: mask([claims['aud'] ?? []].flat()),
      granted: grantView(caller.audiences),
      holds: mayIntrospect(caller, claims),
    },
    ...(caller.require && { require: requirementsView(caller.require, claims, issuer.names) }),
  };
}

function requirementsView(
  rules: readonly CompiledRule[],
  claims: JsonObject,
  names: ClaimNames,
): readonly StepDetail[] {
  return rules.map((rule) => {
    const about = rule.textFor(names);
    const hint = hintIn(claims, about);
    return {
      claim: rule.claim,
      found: mask(foundIn(claims, about)),
      expected: about.expected,
      holds: rule.holds(claims, names),
      ...(hint !== undefined && { hint: maskText(hint) }),
    };
  });
}

/** What a caller may see of the claims: names, and pointers to members of claims that it may see a part of. */
export function disclosureGrantView({ claims, members }: Caller): readonly string[] | 'any' {
  const whole = grantView(claims);
  return whole === 'any' || !members ? whole : [...whole, ...memberPointers(members)];
}

export function grantView(grant: Grant): readonly string[] | 'any' {
  return grant === 'any' ? 'any' : [...grant];
}
