import type { JsonObject } from '../shared/json-value.js';
import type { Issuer } from './issuer.js';
import { tenantIn } from './issuer-template.js';

/**
 * Within what a subject, or the id of a token, means one thing: a registration, and where that is for many tenants, one of them. Two tenants
 * of a provider may have the same `sub`, and so may two registrations of one `iss`.
 */
export interface SubjectScope {
  /** Id of the registration. */
  readonly issuer: string;
  readonly tenant?: string;
}

/** Whose subject these claims name. @param claims of a token of `issuer` */
export function subjectScopeOf(issuer: Issuer, claims: JsonObject): SubjectScope {
  const tenant = tenantOf(issuer, claims);
  return { issuer: registrationOf(issuer), ...(tenant === undefined ? {} : { tenant }) };
}

/** The tenant of a token; `undefined` where its registration is not for many. */
export function tenantOf(
  { template, tenantOf: only }: Pick<Issuer, 'template' | 'tenantOf'>,
  { iss }: JsonObject,
): string | undefined {
  if (only) return only.tenant;
  return template && typeof iss === 'string' ? tenantIn(template, iss) : undefined;
}

/** What rights, metrics and the audit trail call the issuer. */
export function registrationOf({ id, tenantOf: only }: Pick<Issuer, 'id' | 'tenantOf'>): string {
  return only?.registration ?? id;
}
