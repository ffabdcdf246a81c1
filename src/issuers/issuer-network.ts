/** A forward proxy that connections to an issuer are made through (RFC 9110 §9.3.6). */
export interface ProxyTerms {
  readonly hostname: string;
  readonly port: number;
  /** Value of `Proxy-Authorization`, where the proxy demands one. */
  readonly authorization?: string;
}

/** How an issuer's key source may be reached. */
export interface IssuerNetwork {
  /** Allow addresses that are not public unicast, and plain `http` to loopback. */
  readonly allowPrivate: boolean;
  /** PEM of the only authorities to trust for this issuer; absent: the runtime's list. */
  readonly ca?: string;
  /** Sent as `Authorization: Bearer` to hosts that the configuration names (Kubernetes). Re-read when the file changes. */
  readonly bearerToken?: string;
  /** Further request headers by lower-case name, sent to the same hosts. Secrets. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Redirects to the same scheme, host and port are followed; others never are. */
  readonly followsRedirects?: boolean;
  /** All connections go through it; it resolves the names. */
  readonly proxy?: ProxyTerms;
  /** PEM of what is shown where the server asks for a client certificate. */
  readonly clientCertificate?: { readonly certificate: string; readonly key: string };
}
