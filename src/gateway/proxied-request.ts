import { headerValues } from '../transport/http/peer-of-request.js';

/** A request that a proxy has received and asks about, as far as it decides anything. */
export interface ProxiedRequest {
  /** As the proxy says it in the place for it, never in a header, which clients could write. */
  readonly method: string;
  /** Name, value, name, value, as received. */
  readonly headers: readonly string[];
  /** The target of the request line, where the proxy says it in the place for it; absent: at most in headers. */
  readonly path?: string;
  /** The client certificate, where the proxy says it in the place for it: PEM, percent-encoded. */
  readonly certificate?: string;
}

/** With these a client could make another request of it, once it has passed; `-` and `_` are the same to many upstreams. */
const methodOverride = /^x[-_](?:http[-_])?method(?:[-_]override)?$/i;

/**
 * Whether this is the question of a browser whether it may send a request from another origin (Fetch §4.8, a CORS preflight):
 * no credentials ever come with it, so no gateway can ask it for a token. Nothing else passes for one: not with content, which
 * it never has, nor with a header that makes another method of it.
 */
export function isPreflight({ method, headers }: ProxiedRequest): boolean {
  if (method !== 'OPTIONS') return false;
  const once = ['origin', 'access-control-request-method'].every((name) => {
    const [value = '', another] = headerValues(headers, name);
    return value !== '' && another === undefined;
  });
  return once && !hasContent(headers) && !headers.some((name, i) => i % 2 === 0 && methodOverride.test(name));
}

function hasContent(headers: readonly string[]): boolean {
  const lengths = headerValues(headers, 'content-length');
  return headerValues(headers, 'transfer-encoding').length > 0 || lengths.some((length) => length !== '0');
}
