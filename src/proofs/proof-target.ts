import { Rejection } from '../tokens/rejection.js';
import { headerValues } from '../transport/http/peer-of-request.js';
import { normalUri } from './normal-uri.js';

/** The request that a proof must be made for: what its client has asked, as the outside sees it. */
export interface ProofTarget {
  /** Compared as it is: methods have capital letters (RFC 9110 §9.1). */
  readonly method: string;
  /** In the one spelling of {@link normalUri}. */
  readonly uri: string;
}

/** What a proxy says of its client's request. */
export interface SaidRequest {
  readonly method: string;
  /** The target of the request line, with its query. */
  readonly path: string;
}

/** Headers in which proxies say it: nginx as its recipe writes, Traefik and Caddy by themselves. */
const saidIn = [
  ['x-original-method', 'x-original-uri'],
  ['x-forwarded-method', 'x-forwarded-uri'],
] as const;

/** @returns what an https or http URI and a method are as a target; `undefined` where the URI is none */
export function targetOf(method: string, text: string): ProofTarget | undefined {
  const uri = normalUri(text);
  return uri === undefined || method === '' ? undefined : { method, uri };
}

/**
 * What the client of a proxy has asked for. The origin is configured, and never what `Host` says.
 * @param origin in its one spelling
 */
export function proxiedTarget(origin: string, { method, path }: SaidRequest): ProofTarget | Rejection {
  // `*` and `host:port` are no paths, and an absolute form names another origin.
  const target = path.startsWith('/') ? targetOf(method, `${origin}${path}`) : undefined;
  return (
    target ?? new Rejection('proof_invalid', 'the request of the client has no method, or no path that a URI can have')
  );
}

/**
 * What the headers of a proxy say of its client's request. A client may send the headers that its proxy does not set: so where both
 * pairs are there they must say the same, and each only once.
 * @param headers name, value, name, value, as received
 */
export function saidRequest(headers: readonly string[]): SaidRequest | Rejection {
  const found = saidIn.map(([method, uri]) => [headerValues(headers, method), headerValues(headers, uri)] as const);
  const methods = new Set(found.flatMap(([values]) => values));
  const paths = new Set(found.flatMap(([, values]) => values));
  const isOnceEach = found.every(([of, at]) => of.length <= 1 && at.length <= 1);
  if (!isOnceEach || methods.size > 1 || paths.size > 1) {
    return new Rejection(
      'proof_invalid',
      'the headers with the method and the URI of the request contradict each other',
    );
  }
  const [said] = found.filter(([of, at]) => of.length === 1 && at.length === 1);
  const [[method = ''] = [], [path = ''] = []] = said ?? [];
  if (said === undefined) return new Rejection('proof_invalid', notSaid);
  return { method, path };
}

const notSaid =
  'the proxy does not say what its client asked for: it must set X-Original-Method and X-Original-URI (nginx), or X-Forwarded-Method and X-Forwarded-Uri';
