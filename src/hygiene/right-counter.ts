/** Counts which audiences and claims that callers were granted are used, beside each verdict and at next to no cost. */
import type { Caller } from '../callers/caller.js';
import type { Issuer } from '../issuers/issuer.js';
import { isJsonArray, type JsonObject } from '../shared/json-value.js';
import { grantedClaimsOf, type GrantedClaim } from './granted-claims.js';
import { foreignAudience, partName } from './use-parts.js';

class CountedRights {
  readonly audiences = new Set<string>();
  readonly claims = new Set<string>();
  isForeign = false;
  /** Those that no token had yet: the others are not asked for again. */
  claimsLeft: readonly GrantedClaim[];

  constructor(caller: Caller) {
    this.claimsLeft = grantedClaimsOf(caller);
  }
}

/** Notes in memory what of its rights each caller uses. All its names are of the configuration, none is of a token. */
export class RightCounter {
  private counted = new Map<Caller, CountedRights>();

  /** A good token was shown to a caller. */
  shown(caller: Caller, issuer: Issuer, claims: JsonObject): void {
    const { audiences, claims: granted } = caller;
    if (audiences === 'any' && granted === 'any') return;
    const counted = this.of(caller);
    if (audiences !== 'any' && counted.audiences.size < audiences.size) {
      seeAudiences(audiences, claims, counted.audiences);
    }
    if (counted.claimsLeft.length > 0) seeClaims(counted, issuer, claims);
  }

  /** A caller asked about a good token for an audience that it was not granted. */
  foreign(caller: Caller): void {
    this.of(caller).isForeign = true;
  }

  /** What was seen since the last time, by the id of the caller, as names of parts. */
  take(): ReadonlyMap<string, readonly string[]> {
    const { counted } = this;
    this.counted = new Map();
    const parts = new Map<string, readonly string[]>();
    for (const [{ id }, { audiences, claims, isForeign }] of counted) {
      const seen = [
        ...[...audiences].map((each) => partName('audience', each)),
        ...[...claims].map((each) => partName('claim', each)),
        ...(isForeign ? [foreignAudience] : []),
      ];
      // Where the configuration has changed meanwhile, one id was two callers.
      parts.set(id, [...(parts.get(id) ?? []), ...seen]);
    }
    return parts;
  }

  private of(caller: Caller): CountedRights {
    let counted = this.counted.get(caller);
    if (!counted) this.counted.set(caller, (counted = new CountedRights(caller)));
    return counted;
  }
}

function seeAudiences(grant: ReadonlySet<string>, { aud }: JsonObject, seen: Set<string>): void {
  if (typeof aud === 'string') {
    if (grant.has(aud)) seen.add(aud);
  } else if (isJsonArray(aud)) {
    for (const each of aud) if (typeof each === 'string' && grant.has(each)) seen.add(each);
  }
}

function seeClaims(counted: CountedRights, issuer: Issuer, claims: JsonObject): void {
  const { claimsLeft } = counted;
  const isLeft = (each: GrantedClaim): boolean => !each.isIn(claims, issuer);
  if (claimsLeft.every(isLeft)) return;
  for (const each of claimsLeft) if (!isLeft(each)) counted.claims.add(each.name);
  counted.claimsLeft = claimsLeft.filter(isLeft);
}
