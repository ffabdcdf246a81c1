/**
 * Issuers of many tenants: one registration whose `iss` has a place for the tenant, such as
 * `https://login.microsoftonline.com/{tenant}/v2.0`. What may stand there is of a class that knows no slash, dot, port or percent, so that
 * no `iss` leads anywhere else, and one of the tenants that the configuration lists.
 */
export interface IssuerTemplate {
  readonly prefix: string;
  readonly suffix: string;
  readonly class: TenantClass;
  /** `any`: every tenant of the provider. */
  readonly tenants: ReadonlySet<string> | 'any';
}

/** Where the tenant stands in a template. */
export const tenantPlace = '{tenant}';

/** What a tenant may be written like. */
export const tenantClasses = ['guid', 'name'] as const;

/** One of {@link tenantClasses}. */
export type TenantClass = (typeof tenantClasses)[number];

const patterns: Readonly<Record<TenantClass, RegExp>> = {
  // Lower case: RFC 9562 §4 lets a reader take both, and then one tenant would have many names.
  guid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  name: /^[A-Za-z0-9_-]{1,64}$/,
};

/** Whether `text` can be a tenant of this class. */
export function isTenant(text: string, kind: TenantClass): boolean {
  return patterns[kind].test(text);
}

/** The tenant that `iss` names, where the template has it. Costs the same for every `iss`, and remembers none. */
export function tenantIn(template: IssuerTemplate, iss: string): string | undefined {
  const { prefix, suffix, tenants } = template;
  if (iss.length <= prefix.length + suffix.length || !iss.startsWith(prefix) || !iss.endsWith(suffix)) return undefined;
  const tenant = iss.slice(prefix.length, iss.length - suffix.length);
  if (!isTenant(tenant, template.class)) return undefined;
  return tenants === 'any' || tenants.has(tenant) ? tenant : undefined;
}

/** `text` with the tenant in its place. */
export function withTenant(text: string, tenant: string): string {
  return text.replaceAll(tenantPlace, () => tenant);
}
