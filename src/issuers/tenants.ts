import type { Place } from '../shared/configuration/place.js';
import type { Issuer } from './issuer.js';
import { tenantIn, tenantPlace, withTenant, type IssuerTemplate } from './issuer-template.js';
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

/** Refuses a template that could have the `iss` of another one, or of a tenant of another one: whose it is would be chance. */
export function refuseOverlaps(issuers: readonly Issuer[], placeOf: (issuer: Issuer) => Place): void {
  const seen: Issuer[] = [];
  const names = new Map<string, Issuer>();
  for (const issuer of issuers) {
    if (!issuer.template && !issuer.tenantOf) continue;
    const other = seen.find((earlier) => overlap(earlier, issuer)) ?? names.get(issuer.issuer);
    if (other) {
      placeOf(issuer).refuse(
        `tenants of ${other.tenantOf?.registration ?? other.id}`,
        'tenants that no other template has',
      );
      return;
    }
    if (issuer.template) seen.push(issuer);
    else names.set(issuer.issuer, issuer);
  }
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
