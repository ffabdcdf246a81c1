import type { ProxiedRequest } from './proxied-request.js';

/** `envoy.service.auth.v3.CheckRequest`, as far as we read it. Every message in it may be missing. */
export interface CheckRequest {
  readonly attributes?: {
    readonly source?: { readonly certificate?: string } | null;
    readonly request?: { readonly http?: HttpAttributes | null } | null;
    readonly contextExtensions?: Readonly<Record<string, string>>;
  } | null;
}

interface HttpAttributes {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly headerMap?: {
    readonly headers?: readonly { readonly key: string; readonly value: string; readonly rawValue: Uint8Array }[];
  } | null;
}

/** What Envoy asks about. */
export interface CheckedRequest {
  /** Headers that Envoy has joined are one, with commas. */
  readonly request: ProxiedRequest;
  /** Context extensions: what the configuration of Envoy says beside the request. */
  readonly extensions: readonly (readonly [name: string, value: string])[];
}

/**
 * Reads what Envoy asks about.
 * @returns `undefined` where it is no HTTP request with a path: it is unknown what would pass (R-ENV-04, CVE-2026-73547)
 */
export function readCheckRequest({ attributes }: CheckRequest): CheckedRequest | undefined {
  const http = attributes?.request?.http;
  if (!http?.path) return undefined;
  const named = Object.entries(http.headers ?? {});
  const listed = (http.headerMap?.headers ?? []).map(({ key, value, rawValue }) => [
    key,
    rawValue.length > 0 ? Buffer.from(rawValue).toString('latin1') : value,
  ]);
  const certificate = attributes?.source?.certificate;
  return {
    request: {
      method: http.method ?? '',
      headers: [...named, ...listed].flat(),
      path: http.path,
      ...(certificate && { certificate }),
    },
    extensions: Object.entries(attributes?.contextExtensions ?? {}),
  };
}
