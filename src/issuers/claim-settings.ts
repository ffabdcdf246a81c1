/** Turns the settings of an issuer into the terms of claim checks, so that forgetting one does not compile. */
import type { ClaimTerms } from '../claims/claim-checks.js';
import { compileClaimNames } from '../claims/claim-names.js';
import type { IssuerSection } from './issuers.config.js';

/** The settings that say nothing about the claims of a token. */
const notAboutClaims = [
  'id',
  'preset',
  'issuer',
  'template',
  'spiffe',
  'keys',
  'algorithms',
  'tokenTypes',
  'usernameClaim',
  'defaultClientId',
  'freshness',
  'network',
  'deniedKeys',
  'criticality',
  'allowKidless',
  'allowMissingIss',
  'revocation',
  'opaque',
] as const satisfies readonly (keyof IssuerSection)[];

type NotAboutClaims = (typeof notAboutClaims)[number];

/** The part of a section that is not about claims. Who takes it apart has to use all of it. */
export function notAboutClaimsOf(section: IssuerSection): Pick<IssuerSection, NotAboutClaims> {
  return section;
}

/** The settings that tokens are judged by in {@link claimTermsOf}: every one that is not listed as about something else. */
export type ClaimSettings = {
  readonly [
    Key in keyof IssuerSection as IssuerSection[Key] extends (...args: never[]) => unknown
      ? never
      : Exclude<Key, NotAboutClaims>
  ]: IssuerSection[Key];
};

/** The part of a section that is about claims. */
export function claimSettingsOf(section: IssuerSection): ClaimSettings {
  const others: ReadonlySet<string> = new Set(notAboutClaims);
  return Object.fromEntries(Object.entries(section).filter(([key]) => !others.has(key))) as unknown as ClaimSettings;
}

/** The terms that the settings of an issuer are enforced by. A setting that becomes none does not compile here. */
export function claimTermsOf({
  clockTolerance,
  maxLifetime,
  audiences,
  profile,
  clientIdClaims,
  scopeClaims,
  tokenIdClaim,
  sessionClaim,
  subjectClaim,
  ...others
}: ClaimSettings): ClaimTerms {
  const ofTheSameName: Pick<ClaimTerms, keyof typeof others> = others;
  return {
    ...ofTheSameName,
    clockToleranceSeconds: clockTolerance / 1_000,
    maxLifetimeSeconds: maxLifetime / 1_000,
    audiences: audiences === 'any' ? 'any' : new Set(audiences),
    strictAccessTokenProfile: profile === 'rfc9068',
    names: compileClaimNames({ clientIdClaims, scopeClaims, tokenIdClaim, sessionClaim, subjectClaim }),
  };
}
