/** Makes one issuer of each tenant, where the tenants of a registration have keys of their own. */
import type { Place } from '../shared/configuration/place.js';
import type { Issuer } from './issuer.js';
import { tenantIn, tenantPlace, withTenant, type IssuerTemplate } from './issuer-template.js';
import { rankOf } from './one-name.js';
import type { IssuerSection } from './issuers.config.js';
import { idOfTenant } from '../shared/tenant-id.js';

/** A section, and the one tenant that it is for, where each tenant has its own keys. */
export interface SectionOfTenant {
  readonly section: IssuerSection;
  readonly index: number;
  readonly tenant?: string;
}

/**
 * A section for each issuer with keys of its own: of a template with a key set for each tenant, one for each tenant. URLs are made of the
 * list, and never of a token.
 */
export function eachWithOwnKeys(sections: readonly IssuerSection[]): readonly SectionOfTenant[] {
  return sections.flatMap((section, index) => {
    const { template } = section;
    if (template?.keys !== 'perTenant' || template.tenants === 'any') return [{ section, index }];
    return template.tenants.map((tenant) => ({ section: ofTenant(section, tenant), index, tenant }));
  });
}

function ofTenant(section: IssuerSection, tenant: string): IssuerSection {
  const { id, issuer = '', keys } = section;
  const { discoveryUrl, jwksUri } = keys;
  const ownKeys = copyOf(keys, {
    ...(discoveryUrl === undefined ? {} : { discoveryUrl: withTenant(discoveryUrl, tenant) }),
    ...(jwksUri === undefined ? {} : { jwksUri: withTenant(jwksUri, tenant) }),
  });
  const own = { id: idOfTenant(id, tenant), issuer: withTenant(issuer, tenant), keys: ownKeys };
  return copyOf(section, own);
}

function copyOf<Value extends object>(original: Value, differences: Partial<Value>): Value {
  return Object.assign(Object.create(Object.getPrototypeOf(original) as object) as Value, original, differences);
}

/** The template of a section whose tenants share their keys. */
export function sharedTemplateOf({ issuer = '', template }: IssuerSection): IssuerTemplate | undefined {
  if (template?.keys !== 'shared') return undefined;
  const [prefix = '', suffix = ''] = issuer.split(tenantPlace);
  const tenants = template.tenants === 'any' ? 'any' : new Set(template.tenants);
  return { prefix, suffix, class: template.class, tenants };
}

/** An issuer, and where its registration is written. */
export interface RegisteredIssuer {
  readonly issuer: Issuer;
  /** Of the registration. */
  readonly place: Place;
  /** Its identifier as it is written. */
  readonly written: string;
}

/**
 * Refuses a template that could have the `iss` of another one, or of a tenant of another one: whose it is would be chance. An exact registration
 * may take a tenant of a template in its own file; in another one it would take it from somebody else.
 */
export function refuseOverlaps(issuers: readonly RegisteredIssuer[]): void {
  const templates: RegisteredIssuer[] = [];
  const names = new Map<string, RegisteredIssuer[]>();
  for (const one of issuers.toSorted((a, b) => Number(!a.issuer.template) - Number(!b.issuer.template))) {
    const { issuer } = one.issuer;
    const namesakes = names.get(issuer) ?? [];
    const other =
      templates.find((each) => areRivals(each, one) && overlap(each.issuer, one.issuer)) ??
      namesakes.find((each) => areRivals(each, one));
    if (other) {
      refuseSecond(one, other, issuers);
      return;
    }
    if (one.issuer.template) templates.push(one);
    else names.set(issuer, [...namesakes, one]);
  }
}

function areRivals(one: RegisteredIssuer, other: RegisteredIssuer): boolean {
  const [isOneOfMany, areBoth] = [isOfTenants(one) || isOfTenants(other), isOfTenants(one) && isOfTenants(other)];
  return areBoth || (isOneOfMany && one.place.file !== other.place.file);
}

function isOfTenants({ issuer: { template, tenantOf } }: RegisteredIssuer): boolean {
  return template !== undefined || tenantOf !== undefined;
}

/** First is what the main file says, else what was in force before, else what is written earlier. */
function refuseSecond(one: RegisteredIssuer, other: RegisteredIssuer, issuers: readonly RegisteredIssuer[]): void {
  const [mine, theirs] = [rankOf(one.place, one.written), rankOf(other.place, other.written)];
  const isFirst = mine < theirs || (mine === theirs && issuers.indexOf(one) < issuers.indexOf(other));
  const [first, second] = isFirst ? [one, other] : [other, one];
  const found = isOfTenants(first)
    ? `tenants of ${first.issuer.tenantOf?.registration ?? first.issuer.id}`
    : `a tenant that ${first.issuer.id} registers`;
  second.place
    .at(isOfTenants(second) ? 'template' : 'issuer')
    .refuse(found, 'tenants that no other template has', first.place);
}

function overlap({ template: one }: Issuer, { template: other, issuer }: Issuer): boolean {
  if (!one) return false;
  if (!other) return tenantIn(one, issuer) !== undefined;
  const [mine, theirs] = [namesOf(one), namesOf(other)];
  if (mine) return mine.some((name) => tenantIn(other, name) !== undefined);
  if (theirs) return theirs.some((name) => tenantIn(one, name) !== undefined);
  return fit(one.prefix, other.prefix, 'startsWith') && fit(one.suffix, other.suffix, 'endsWith');
}

/** Every `iss` of a template; `undefined` for one that has any tenant. */
function namesOf({ prefix, suffix, tenants }: IssuerTemplate): readonly string[] | undefined {
  return tenants === 'any' ? undefined : [...tenants].map((tenant) => `${prefix}${tenant}${suffix}`);
}

function fit(one: string, other: string, how: 'startsWith' | 'endsWith'): boolean {
  return one[how](other) || other[how](one);
}
