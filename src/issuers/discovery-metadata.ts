import { isJsonObject, type JsonValue } from '../shared/json-value.js';
import { parseStrictJson } from '../shared/strict-json.js';
import { maskedUrl, portOf, readKeyUrl } from '../shared/key-url.js';

/** Which specification says where an issuer's metadata is. */
export type DiscoveryMode = 'auto' | 'oidc' | 'oauth';

/**
 * Where the metadata of an issuer may be, in the order in which to try them.
 * RFC 8414 §3.1 inserts the well-known segment before the path, OpenID Connect Discovery §4.1 appends it after;
 * both remove one terminating `/` first. RFC 8414 §5 keeps the OpenID name with the inserted form for existing servers.
 * @param issuer an `https` URL without query and fragment
 */
export function wellKnownUrls(issuer: string, mode: DiscoveryMode): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const oauth = `${origin}/.well-known/oauth-authorization-server${path}`;
  const inserted = `${origin}/.well-known/openid-configuration${path}`;
  const appended = `${origin}${path}/.well-known/openid-configuration`;
  if (mode === 'oauth') return [oauth];
  if (mode === 'oidc') return [appended];
  return [...new Set([oauth, inserted, appended])];
}

/** The one thing that we take from an issuer's metadata. `signed_metadata` and algorithm lists are ignored (R8414-09). */
export interface DiscoveryMetadata {
  readonly jwksUri: string;
}

/** What the metadata of one issuer must agree with. All of it comes from the configuration. */
export interface IssuerMetadataTerms {
  /** The registered issuer identifier. */
  readonly issuer: string;
  /** Other names that the metadata may have for it. */
  readonly metadataIssuers: readonly string[];
  /** Where the metadata was read. */
  readonly metadataUrl: string;
  /** `host` or `host:port` that `jwks_uri` may name besides the metadata's own. Empty = any host, on port 443. */
  readonly jwksHosts: readonly string[];
  readonly allowPrivate: boolean;
  /** Only hosts of the configuration may be named: where a proxy finds the addresses, none can be judged here. */
  readonly mustBeListed?: boolean;
}

/** Longest name that is shown, in characters. */
const LONGEST_NAME = 200;

/** The metadata must not be used (RFC 8414 §3.3). The message is a constant sentence. */
export class MetadataRefused extends Error {
  override readonly name = 'MetadataRefused';

  /** @param named the issuer that it names instead, for operators; without what could be a secret in it */
  constructor(
    message: string,
    options?: ErrorOptions,
    readonly named?: string,
  ) {
    super(message, options);
  }
}

/** Metadata of large providers has some hundred members; nothing nests deeply. */
const metadataLimits = { depth: 10, members: 2_000 };

/**
 * Reads authorization server metadata (RFC 8414 §3.2, OpenID Connect Discovery §4.2).
 * @throws {MetadataRefused} also where `jwks_uri` leads somewhere that this issuer may not send us
 */
export function readDiscoveryMetadata(body: Uint8Array, terms: IssuerMetadataTerms): DiscoveryMetadata {
  return { jwksUri: readEndpoint(body, 'jwks_uri', terms) };
}

/**
 * As {@link readDiscoveryMetadata}, of the endpoint that tokens are asked about at. Whoever is asked there gets the token.
 * @throws {MetadataRefused}
 */
export function readIntrospectionEndpoint(body: Uint8Array, terms: IssuerMetadataTerms): string {
  return readEndpoint(body, 'introspection_endpoint', terms);
}

function readEndpoint(
  body: Uint8Array,
  name: 'jwks_uri' | 'introspection_endpoint',
  terms: IssuerMetadataTerms,
): string {
  const document = parse(body);
  if (!isJsonObject(document)) throw new MetadataRefused('not a JSON object');
  const { issuer } = document;
  if (!isNamed(issuer, terms)) {
    const named = typeof issuer === 'string' && issuer.length <= LONGEST_NAME ? maskedUrl(issuer) : undefined;
    throw new MetadataRefused('issuer differs from the registered one', {}, named);
  }
  const text = document[name];
  if (typeof text !== 'string') throw new MetadataRefused(`${name} is missing`);
  const url = readKeyUrl(text, terms);
  if (typeof url === 'string') throw new MetadataRefused(`${name}: ${url}`);
  if (!mayLeadTo(url, terms))
    throw new MetadataRefused(`${name} names a host or port that keys.jwksHosts does not allow`);
  return text;
}

/** RFC 8414 §3.3: exactly the issuer that was asked for, or the other name that is known of it. */
function isNamed(name: JsonValue | undefined, { issuer, metadataIssuers }: IssuerMetadataTerms): boolean {
  return name === issuer || metadataIssuers.some((other) => name === other);
}

function parse(body: Uint8Array): JsonValue {
  try {
    return parseStrictJson(body, metadataLimits);
  } catch (cause) {
    throw new MetadataRefused('not strict JSON', { cause });
  }
}

/** Any other port could be a mail server, Redis or SSH: something that was never meant to be asked over HTTP. */
function mayLeadTo(url: URL, { metadataUrl, jwksHosts, mustBeListed = false }: IssuerMetadataTerms): boolean {
  const metadata = new URL(metadataUrl);
  if (url.origin === metadata.origin) return true;
  if (jwksHosts.includes(`${url.hostname}:${portOf(url)}`)) return true;
  const isAnyAllowed = jwksHosts.length === 0 && !mustBeListed;
  const hostIsAllowed = isAnyAllowed || url.hostname === metadata.hostname || jwksHosts.includes(url.hostname);
  return hostIsAllowed && portOf(url) === 443;
}
