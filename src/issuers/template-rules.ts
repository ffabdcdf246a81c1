/** Refuses templates of issuer identifiers that would let a token choose more than its tenant. */
import type { Place } from '../shared/configuration/place.js';
import type { IssuerTemplateSection } from './issuer-template.config.js';
import { tenantPlace, withTenant } from './issuer-template.js';
import type { IssuerKeysSection } from './issuer-keys.config.js';

/** The settings of a registration that have to fit its template. */
export interface TemplateTerms {
  readonly issuer?: string;
  readonly keys: IssuerKeysSection;
  readonly template?: IssuerTemplateSection;
}

/** A tenant for the checks of what is no URL before there is one. */
const SAMPLE = 'tenant';

/** The identifier as a token could say it. */
export function sampleIdentifier({ issuer, template }: Pick<TemplateTerms, 'issuer' | 'template'>): string | undefined {
  return template && issuer !== undefined ? withTenant(issuer, SAMPLE) : issuer;
}

/** Refuses a template that is none, and an identifier that looks like one. */
export function refuseUnfitTemplate({ issuer = '', keys, template }: TemplateTerms, place: Place): void {
  const places = issuer.split(tenantPlace).length - 1;
  if (!template) {
    const expected = 'template, which says what may stand there';
    if (places > 0) place.at('issuer').refuse(`${tenantPlace} without template`, expected);
    return;
  }
  const isSound = places === 1 && /^https?:\/\/./.test(issuer) && !/[{}]/.test(issuer.replace(tenantPlace, ''));
  if (!isSound)
    place
      .at('issuer')
      .refuse('no template', `a URL with ${tenantPlace} once, such as https://login.corp.example/${tenantPlace}`);
  if (template.keys === 'shared') refuseUnscopedKeys(keys, place.at('keys'));
  else refuseCommonKeys(keys, place.at('keys'));
}

/** Shared keys come from one place, and in a form in which each can say for whom it is. */
function refuseUnscopedKeys({ discoveryUrl, jwksUri, jwksFile, jwks }: IssuerKeysSection, place: Place): void {
  const isScopable = [discoveryUrl, jwksUri, jwksFile, jwks].some((one) => one !== undefined);
  if (!isScopable) {
    place.refuse(
      'no place that all tenants share',
      'discoveryUrl, jwksUri, jwksFile or jwks: keys with the member issuer',
    );
  }
  const hasTenant = [discoveryUrl, jwksUri].some((url) => url?.includes(tenantPlace));
  if (hasTenant) place.refuse(`${tenantPlace} in a URL of shared keys`, 'template.keys: perTenant, or one URL for all');
}

/** Where each tenant has its own keys, no two may have the same place. */
function refuseCommonKeys({ discovery, discoveryUrl, jwksUri }: IssuerKeysSection, place: Place): void {
  const urls = [discoveryUrl, jwksUri].filter((url) => url !== undefined);
  const isOwn = urls.length > 0 ? urls.every((url) => url.includes(tenantPlace)) : discovery !== undefined;
  if (!isOwn) place.refuse('one place for all tenants', `discovery, or a discoveryUrl or jwksUri with ${tenantPlace}`);
}
