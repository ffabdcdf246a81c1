import { termsForCaller } from '../claims/claim-checks.js';
import { compileClaimPolicy } from '../claims/claim-policy.js';
import type { Issuer } from './issuer.js';
import { claimTermsOf, type ClaimSettings } from './claim-settings.js';
import type { IssuerSection } from './issuers.config.js';

/** Everything that the tokens of an issuer are judged by, but for its keys. Immutable, and without a memory of any token. */
export type IssuerRules = Pick<
  Issuer,
  'algorithms' | 'tokenTypes' | 'deniedKeys' | 'names' | 'policy' | 'callerPolicy'
>;

/**
 * The rules of all issuers, made once for those that say the same: a thousand tenants of one provider differ in little but their
 * names, and what they have in common stays in the nearest caches of the processor.
 */
export class CommonRules {
  private readonly made = new Map<string, IssuerRules>();

  /** @throws {RangeError} for terms that no configuration may hold */
  of(said: RuleSettings): IssuerRules {
    // Rules are made of nothing but what they are found by, so that no two issuers share what only one of them said.
    const name = JSON.stringify(said);
    const known = this.made.get(name);
    if (known) return known;
    const rules = rulesFrom(said);
    this.made.set(name, rules);
    return rules;
  }
}

/** What a section says about its tokens, as JSON can carry it. */
export interface RuleSettings extends Pick<IssuerSection, 'algorithms' | 'tokenTypes' | 'deniedKeys'> {
  readonly claims: ClaimSettings;
}

function rulesFrom({ algorithms, tokenTypes, deniedKeys, claims }: RuleSettings): IssuerRules {
  const terms = claimTermsOf(claims);
  return {
    algorithms: new Set(algorithms),
    tokenTypes: new Set(tokenTypes.map(plainMediaType)),
    deniedKeys: new Set(deniedKeys),
    names: terms.names,
    policy: compileClaimPolicy(terms),
    callerPolicy: (audience) => compileClaimPolicy(termsForCaller(terms, audience)),
  };
}

/** RFC 7515 §4.1.9: `application/` may be left out, and media types have no case. */
function plainMediaType(type: string): string {
  return type.toLowerCase().replace(/^application\//, '');
}
