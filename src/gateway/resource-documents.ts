import { grants } from '../callers/caller.js';
import type { CallerDirectory, PreparedCaller, ProxyProfile } from '../callers/registration/caller-directory.js';
import type { ProtectedResource } from '../callers/registration/protected-resource.js';
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import { withTenant } from '../issuers/issuer-template.js';
import type { Issuer } from '../issuers/issuer.js';
import { registrationOf } from '../issuers/subject-scope.js';
import { identifierDefect } from '../shared/key-url.js';

/** What is registered, as far as documents tell of it. */
export interface ResourceRegistrations {
  readonly callers: Pick<CallerDirectory, 'all'>;
  readonly issuers: Pick<IssuerRegistry, 'all'>;
}

/** A document, and whose it is. */
interface Document {
  readonly callerId: string;
  readonly body: Buffer;
}

/**
 * Tells clients which authorization servers issue tokens for a protected resource (RFC 9728), for each profile with `resource`. It is
 * found by its path alone: `Host` is what a client writes.
 */
export class ResourceDocuments {
  private made: ReadonlyMap<string, readonly Document[]> | undefined;

  constructor(private readonly registered: ResourceRegistrations) {}

  /** The registrations have changed: the next request reads them again. */
  forget(): void {
    this.made = undefined;
  }

  /**
   * @param segments path of the resource, decoded
   * @param callerId whose document is meant; needed where several profiles have resources of one path
   * @returns the JSON document; `undefined` where there is none, or no single one
   */
  find(segments: readonly string[], callerId?: string): Buffer | undefined {
    this.made ??= documentsOf(this.registered);
    const there = this.made.get(keyOf(segments)) ?? [];
    const meant = callerId === undefined ? there : there.filter((document) => document.callerId === callerId);
    return meant.length === 1 ? meant[0]?.body : undefined;
  }
}

function documentsOf({ callers, issuers }: ResourceRegistrations): ReadonlyMap<string, readonly Document[]> {
  const found = new Map<string, Document[]>();
  for (const { caller, proxy } of callers.all) {
    if (!proxy?.resource) continue;
    const body = bodyOf(proxy.resource, proxy, authorizationServers(caller, issuers));
    const key = keyOf(proxy.resource.segments);
    found.set(key, [...(found.get(key) ?? []), { callerId: caller.id, body }]);
  }
  return found;
}

/** RFC 9728 §2. Nothing is said that only sometimes holds: tokens without a proof pass beside those with one. */
function bodyOf(
  { identifier }: ProtectedResource,
  { tokenFrom, proofs, scopeImplies }: ProxyProfile,
  servers: readonly string[],
): Buffer {
  const { dpop, certificateFrom } = proofs ?? {};
  const scopes = scopeImplies?.names ?? [];
  const document = {
    resource: identifier,
    // RFC 9728 §3.2: what has no values is left out.
    ...(servers.length > 0 && { authorization_servers: servers }),
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    bearer_methods_supported: !tokenFrom || tokenFrom.includes('authorization') ? ['header'] : [],
    ...(dpop && { dpop_signing_alg_values_supported: [...dpop.algorithms] }),
    ...(certificateFrom && { tls_client_certificate_bound_access_tokens: true }),
  };
  return Buffer.from(JSON.stringify(document));
}

/** The issuers whose tokens the profile may see, as far as clients can ask them for any (RFC 8414 §2). */
function authorizationServers(
  { issuers: granted }: PreparedCaller['caller'],
  issuers: Pick<IssuerRegistry, 'all'>,
): readonly string[] {
  const allowed = issuers.all().filter((issuer) => grants(granted, registrationOf(issuer)));
  return [...new Set(allowed.flatMap(identifiersOf))].filter(
    (identifier) => identifierDefect(identifier, { allowPrivate: true }) === undefined,
  );
}

/** A template stands for each tenant that it lists; where it takes any, nobody can say which is the client's. */
function identifiersOf({ issuer, template, spiffe }: Issuer): readonly string[] {
  if (spiffe) return [];
  if (!template) return [issuer];
  return template.tenants === 'any' ? [] : [...template.tenants].map((tenant) => withTenant(issuer, tenant));
}

/** No segment has a slash that is not encoded, so that no two paths have one key. */
function keyOf(segments: readonly string[]): string {
  return segments.map(encodeURIComponent).join('/');
}
