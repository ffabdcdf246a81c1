import type { Algorithm } from '../tokens/algorithms.js';
import type { Advertisement } from '../callers/methods/caller-method.js';

/** What the published metadata says about us. */
export interface ServerMetadataTerms extends Advertisement {
  /** Our own issuer identifier, a URL; without one there is no metadata (RFC 8414 §2 requires it). */
  readonly identifier: string | undefined;
  /** What answers can be signed with (RFC 9701 §7); empty: they are not signed. */
  readonly signingAlgorithms?: readonly Algorithm[];
}

/** Our authorization server metadata (RFC 8414), made when the configuration changed. */
export class ServerMetadata {
  private document: Buffer | undefined;

  constructor(terms: ServerMetadataTerms) {
    this.document = serialize(terms);
  }

  /** From the next request on, `terms` are what is published. */
  replace(terms: ServerMetadataTerms): void {
    this.document = serialize(terms);
  }

  /** The JSON document. */
  get body(): Buffer | undefined {
    return this.document;
  }
}

function serialize({
  identifier,
  methods,
  assertionAlgorithms,
  signingAlgorithms = [],
}: ServerMetadataTerms): Buffer | undefined {
  if (identifier === undefined) return undefined;
  const base = identifier.replace(/\/$/, '');
  const enabled = [...new Set(methods)].sort();
  const document = {
    issuer: identifier,
    introspection_endpoint: `${base}/introspect`,
    // For introspection there is no default, so it is always said (R7662-39).
    introspection_endpoint_auth_methods_supported: enabled,
    // RFC 8414 §2: required where a method takes assertions.
    ...(assertionAlgorithms.length > 0 && {
      introspection_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    }),
    // RFC 9701 §7. There is no encryption, and no member that says so.
    ...(signingAlgorithms.length > 0 && {
      introspection_signing_alg_values_supported: signingAlgorithms,
      jwks_uri: `${base}/jwks`,
    }),
    // RFC 8414 §2: left out, they would mean client_secret_basic alone.
    revocation_endpoint: `${base}/revoke`,
    revocation_endpoint_auth_methods_supported: enabled,
    ...(assertionAlgorithms.length > 0 && {
      revocation_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    }),
    // Not of any registry: what was revoked, for callers that cache answers. Authenticated for as introspection is.
    events_endpoint: `${base}/events`,
    // Required members (RFC 8414 §2) of an authorization server that issues nothing. Left out, they would not mean "none".
    response_types_supported: [],
    grant_types_supported: [],
  };
  return Buffer.from(JSON.stringify(document));
}
