/** Checks what the configuration says of all issuers, and makes it ready for requests. */
import type { ClaimName } from '../claims/claim-name.js';
import { namedClaim } from '../claims/claim-names.js';
import { doubtsAbout } from '../claims/name-doubt.js';
import type { Place } from '../shared/configuration/place.js';
import { warnOfRepeated } from '../shared/configuration/written.js';
import { eachWithPauses, type Pause } from '../shared/pause.js';
import { CommonRules, type IssuerRules, type RuleSettings } from './common-rules.js';
import { registrationIdOf } from '../shared/tenant-id.js';
import { tenantOf as tenantIn } from './subject-scope.js';
import type { TimelessRule } from '../claims/claim-check.js';
import { svidChecks, svidClaims, svidTypes } from './jwt-svid.js';
import { NarrowedPolicy } from './narrowed-policy.js';
import { sameTenant } from './same-tenant.js';
import { prepareBundle } from './spiffe.config.js';
import { eachWithOwnKeys, refuseOverlaps, sharedTemplateOf, type SectionOfTenant } from './tenants.js';
import type { Freshness, Issuer, RevocationTerms } from './issuer.js';
import type { IssuerRevocationSection } from './issuer-revocation.config.js';
import { claimSettingsOf, notAboutClaimsOf } from './claim-settings.js';
import { IssuerSection } from './issuers.config.js';
import { createHash } from 'node:crypto';
import { refuseSharedMissingIss } from './missing-iss.js';
import { showSection } from '../shared/configuration/show-section.js';
import type { Algorithm } from '../tokens/algorithms.js';
import { nothingOf } from '../shared/configuration/nothing-of.js';
import type { JsonValue } from '../shared/json-value.js';
import { stringifyJson } from '../shared/strict-json.js';
import { refuseIndistinguishable } from './one-name.js';
import { metadataIssuersOf } from './metadata-issuers.js';
import type { FreshnessSection } from './freshness.config.js';
import { prepareKeyLocation, type KeyLocation } from './issuer-keys.config.js';
import { prepareNetwork } from './issuer-network.config.js';
import { prepareOpaque } from './opaque-terms.js';

/** What preparing the issuers needs from outside. */
export interface IssuersContext {
  /** Place of the list; where something was refused below it, the result must not be used. */
  readonly place: Place;
  /** Wall time, milliseconds since the epoch. */
  readonly nowMs: number;
  readonly pause: Pause;
}

/** Checks all registrations and makes them ready for {@link ConfiguredIssuers.replace}. */
export async function prepareIssuers(
  sections: readonly IssuerSection[],
  { place, nowMs, pause }: IssuersContext,
): Promise<readonly Issuer[]> {
  // Legal for one provider with many tenants; then only claims tell them apart (attack B-11).
  const keySets = sections.map(({ keys }, i) => ({ text: keys.jwksUri, place: place.at(i).at('keys').at('jwksUri') }));
  warnOfRepeated(keySets, 'a key set of its own, or rules for a claim that tells the issuers apart');
  refuseSharedMissingIss(sections, place);
  const rules = new CommonRules();
  const placeOf = ({ id }: Pick<Issuer, 'id'>): Place => place.at(indices.get(registrationIdOf(id)) ?? 0);
  const indices = new Map<string, number>();
  sections.forEach(({ id }, i) => indices.set(id, i));
  const prepared = await eachWithPauses(eachWithOwnKeys(sections), pause, (one) =>
    prepareIssuer(one, place.at(one.index), nowMs, rules),
  );
  const single = prepared.filter(({ template, tenantOf }) => !template && !tenantOf);
  refuseIndistinguishable(
    single.map((issuer) => ({ text: issuer.keySourceFingerprint, place: placeOf(issuer).at('issuer') })),
  );
  refuseOverlaps(
    prepared.map((issuer) => ({
      issuer,
      place: placeOf(issuer),
      written: sections[indices.get(registrationIdOf(issuer.id)) ?? 0]?.issuer ?? '',
    })),
  );
  return prepared;
}

/**
 * Makes a registration ready: everything that its tokens are judged by, compiled once.
 * @param place of the section, such as `issuers[0]`
 * @param nowMs wall time, milliseconds since the epoch
 * @param rules those of the issuers before it
 * @returns undefined after reporting every problem
 */
function prepareIssuer(one: SectionOfTenant, place: Place, nowMs: number, rules: CommonRules): Issuer | undefined {
  const { section, tenant } = one;
  const {
    id,
    preset,
    issuer: written,
    spiffe: spiffeSection,
    template: templateSection,
    algorithms,
    criticality,
    allowKidless,
    allowMissingIss,
    usernameClaim,
    defaultClientId,
    opaque: opaqueSection,
    ...others
  } = notAboutClaimsOf(section);
  const { keys: ofKeys, network: ofNetwork, freshness, tokenTypes, deniedKeys, revocation, ...forgotten } = others;
  const context = { keys: ofKeys, place: place.at('keys'), network: ofNetwork, algorithms, nowMs };
  const keys = keyLocationOf(spiffeSection, context, place);
  const network = prepareNetwork(ofNetwork, place.at('network'));
  const issuer = written ?? `spiffe://${spiffeSection?.trustDomain ?? ''}`;
  const about = { place: place.at('opaque'), terms: ofNetwork, network, issuer, audiences: section.audiences };
  const opaque = opaqueSection && prepareOpaque(opaqueSection, about);
  if (!keys || !network || (opaqueSection && !opaque)) return undefined;
  const spiffe = spiffeSection && { trustDomain: spiffeSection.trustDomain, hasIssuer: written !== undefined };
  const said = { algorithms, tokenTypes, deniedKeys, claims: claimSettingsOf(section) };
  const common = rules.of(spiffe ? asSvids(said) : said);
  const whose = whoseOf(section, tenant);
  const doubts = doubtsAbout(claimsNamedIn(section));
  return {
    ...nothingOf(forgotten),
    id,
    ...(preset === undefined ? {} : { preset }),
    registration: () => showSection(IssuerSection, section),
    issuer,
    ...whose,
    ...(spiffe && { spiffe }),
    metadataIssuers: metadataIssuersOf(issuer),
    ...narrowed(common, [
      ...(templateSection?.claim === undefined
        ? []
        : [sameTenant(templateSection.claim, (claims) => tenantIn(whose, claims))]),
      ...(spiffe ? svidChecks(spiffe.trustDomain) : []),
    ]),
    keys,
    allowKidless,
    ...(allowMissingIss && { allowMissingIss }),
    freshness: spiffe ? svidFreshness(freshnessOf(freshness)) : freshnessOf(freshness),
    network,
    ...(opaque && { opaque }),
    revocation: revocationTermsOf(section, revocation),
    criticality,
    // Whose keys they are and where they are published. How they are fetched and used may change, and they stay good.
    keySourceFingerprint: fingerprint([issuer, keys, ...usesOf(keys, algorithms, allowKidless)]),
    ...(usernameClaim === undefined ? {} : { username: namedClaim(usernameClaim) }),
    ...(defaultClientId === undefined ? {} : { defaultClientId }),
    ...(doubts && { doubts }),
  };
}

/** The template that tokens are found by, or the one tenant whose they are. */
function whoseOf(section: IssuerSection, tenant: string | undefined): Pick<Issuer, 'template' | 'tenantOf'> {
  const template = sharedTemplateOf(section);
  const tenantOf = tenant === undefined ? undefined : { registration: registrationIdOf(section.id), tenant };
  return { ...(template && { template }), ...(tenantOf && { tenantOf }) };
}

function revocationTermsOf(
  { maxLifetime, clockTolerance }: Pick<IssuerSection, 'maxLifetime' | 'clockTolerance'>,
  { quota, onUnknown, ...forgotten }: IssuerRevocationSection,
): RevocationTerms {
  const times = { maxLifetimeSeconds: maxLifetime / 1_000, clockToleranceSeconds: clockTolerance / 1_000 };
  return { ...nothingOf(forgotten), quota, ...times, ...(onUnknown && { onUnknown }) };
}

/** The rules of a registration, for tokens that pass these checks. */
function narrowed(rules: IssuerRules, checks: readonly TimelessRule[]): IssuerRules {
  if (checks.length === 0) return rules;
  return {
    ...rules,
    policy: new NarrowedPolicy(rules.policy, checks),
    callerPolicy: (audience) => new NarrowedPolicy(rules.callerPolicy(audience), checks),
  };
}

/** Every claim that a registration names. */
function claimsNamedIn(section: IssuerSection): readonly ClaimName[] {
  const { rules, requiredClaims, clientIdClaims, scopeClaims = [], usernameClaim } = section;
  const { tokenIdClaim, sessionClaim, subjectClaim } = section;
  const lists = [...rules.map(({ claim }) => claim), ...requiredClaims, ...clientIdClaims, ...scopeClaims];
  const single = [tokenIdClaim, sessionClaim, subjectClaim];
  return [...lists, ...single, ...(usernameClaim === undefined ? [] : [usernameClaim])];
}

/** What a JWT-SVID must have is no setting. */
function asSvids({ claims, ...said }: RuleSettings): RuleSettings {
  const requiredClaims = [...new Set([...svidClaims, ...claims.requiredClaims])];
  return { ...said, tokenTypes: svidTypes, claims: { ...claims, requiredClaims } };
}

/** What a bundle does not have any more is revoked, at once, and so is everything where it has no keys (SPIFFE Trust Domain and Bundle §4.1.3). */
function svidFreshness(freshness: Freshness): Freshness {
  return { ...freshness, removal: 'immediate', isEmptyMeant: true };
}

function keyLocationOf(
  spiffe: IssuerSection['spiffe'],
  context: Parameters<typeof prepareKeyLocation>[0],
  place: Place,
): KeyLocation | undefined {
  if (!spiffe) return prepareKeyLocation(context);
  return prepareBundle(spiffe.bundle, place.at('spiffe').at('bundle'), context.network);
}

function freshnessOf(section: FreshnessSection): Freshness {
  const { refresh, hardTtl, missCooldown, missBurst, minSpacing, removal, ...forgotten } = section;
  return {
    ...nothingOf(forgotten),
    refreshMs: refresh,
    hardTtlMs: hardTtl,
    missCooldownMs: missCooldown,
    missBurst,
    minSpacingMs: minSpacing,
    removal,
  };
}

/** What of their use makes other keys of those in the file; fetched ones are the same however they are used. */
function usesOf({ kind }: KeyLocation, algorithms: readonly Algorithm[], allowKidless: boolean): readonly unknown[] {
  return kind === 'static' ? [[...algorithms].sort(), ...(allowKidless ? ['allowKidless'] : [])] : [];
}

/** JSON keeps the parts apart: no two different lists give one text (attack G-05). */
function fingerprint(parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(stringifyJson(parts as readonly JsonValue[]))
    .digest('base64url');
}
