import type { JsonObject, JsonValue } from '../shared/json-value.js';
import type { VerificationKey } from './verification-key.js';

/** Where many tenants share one key set, the place of the tenant in the `issuer` of a key or of metadata (Microsoft Entra). */
const placeholder = /\{tenantid\}/gi;

/** Whether the member `issuer` of a JWK limits the key: it is a URL, and nothing else that somebody may keep there. */
export function isKeyScope(issuer: JsonValue | undefined): issuer is string {
  return typeof issuer === 'string' && /^https?:\/\//i.test(issuer) && URL.canParse(issuer);
}

/**
 * Whether a key may verify a token with these claims. One key set may hold keys for all tenants of a provider and keys for one
 * tenant only, and says so in the member `issuer` of each: without a check of it the owner of one tenant could mint tokens of another.
 *
 * The issuer of the key must be `iss` or what the metadata calls the issuer, the placeholder filled in with the tenant of the
 * token: its `tid`, which counts only where `iss` itself is of that tenant.
 * @param metadataIssuers what the metadata of the registered issuer may call it; its own identifier need not be among them
 */
export function isInScope(
  { issuer }: Pick<VerificationKey, 'issuer'>,
  claims: JsonObject,
  metadataIssuers: readonly string[],
): boolean {
  if (issuer === undefined) return true;
  const { iss } = claims;
  const scope = filledIn(issuer, claims);
  return scope !== undefined && (scope === iss || metadataIssuers.some((name) => filledIn(name, claims) === scope));
}

/** @returns `undefined` where there is a placeholder, and no tenant of the token to put there */
function filledIn(issuer: string, { iss, tid }: JsonObject): string | undefined {
  if (!/\{tenantid\}/i.test(issuer)) return issuer;
  const isOfTenant = typeof tid === 'string' && tid !== '' && typeof iss === 'string' && iss.split('/').includes(tid);
  return isOfTenant ? issuer.replace(placeholder, () => tid) : undefined;
}

/**
 * Whether a key of a set that many tenants share may verify tokens of this one. Unlike in {@link isInScope}, a key must say for whom it is:
 * without that, it would speak for all of them.
 * @param names what may be called the issuer of the token, with or without the placeholder; its `iss` among them
 */
export function isForTenant(
  { issuer }: Pick<VerificationKey, 'issuer'>,
  tenant: string,
  names: readonly string[],
): boolean {
  if (issuer === undefined) return false;
  // The same text has the same tenant in it.
  if (names.includes(issuer)) return true;
  const scope = issuer.replace(placeholder, () => tenant);
  // As a rule the first name is the scope: only where it is not, placeholders in names matter.
  return names.includes(scope) || names.some((name) => name.replace(placeholder, () => tenant) === scope);
}
