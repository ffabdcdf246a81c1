/** Refuses requests of the public listener by their heads, before anything of a body is read. */
import { OAuthError } from '../oauth-error.js';
import type { Overload } from '../overload.js';
import type { RequestObserver } from '../request-observer.js';
import type { Endpoint, RequestReport } from '../request-report.js';
import { TrustedProxies } from '../trusted-proxies.js';
import type { Drain } from './drain.js';
import { formCharset, type FormCharset } from './form-type.js';
import { HttpConventions } from './http-conventions.js';
import { defaultHttpLimits, type HttpLimits } from './http-limits.js';
import type { HttpListener } from './http-listener.js';
import type { HttpRequest } from './http-request.js';
import type { ListenerRules } from './listener-rules.js';
import { constantHeaders, errorBody } from './error-answer.js';
import { refuseRequest } from './refuse-request.js';
import type { RouteBody } from './route-body.js';

const endpoints: ReadonlyMap<string | undefined, Endpoint> = new Map([
  ['/introspect', 'introspect'],
  ['/revoke', 'revoke'],
  ['/events', 'events'],
  ['/authorize', 'authorize'],
  ['/signals/:id/logout', 'signals'],
  ['/signals/:id/events', 'signals'],
  ['/.well-known/oauth-authorization-server', 'metadata'],
  ['/jwks', 'metadata'],
  ['/openapi.json', 'metadata'],
]);

/** What can make the public listener refuse requests that are in order, and who is told of every request. */
export interface PublicListenerState {
  readonly drain: Drain;
  readonly overload: Overload;
  readonly observer: RequestObserver;
  /** What clients speak. */
  readonly scheme?: 'http' | 'https';
  /** Reads a form. @throws {OAuthError} */
  readonly parseForm: (body: Buffer, charset: FormCharset) => unknown;
  /** What routes read that read something else, by the path as it is declared. */
  readonly bodies?: ReadonlyMap<string, RouteBody>;
}

/** The listener that callers and proxies use. @param trustedProxies CIDR blocks or addresses */
export function publicListener(
  trustedProxies: readonly string[],
  drain: Drain,
  limits: Partial<HttpLimits> = {},
): HttpListener {
  const [refused, failed] = [errorBody('invalid_request'), errorBody('server_error')].map(String);
  return {
    limits: { ...defaultHttpLimits, ...limits },
    proxies: new TrustedProxies(trustedProxies),
    drain,
    headers: Object.entries(constantHeaders).flat(),
    refusal: (status) => ({ type: constantHeaders['content-type'], body: (status === 500 ? failed : refused) ?? '' }),
    allow: 'POST',
  };
}

/** In which order a request is refused by its head: by us, then by what it asks for, then by how. */
export function publicRules(state: PublicListenerState): ListenerRules {
  const { drain, overload, observer, parseForm, bodies, scheme = 'http' } = state;
  const conventions = new HttpConventions(observer.metrics, scheme);
  return {
    observe: (request, route) => observe(request, route, observer, conventions),
    unavailable: () => (drain.begun ? goingAway() : overload.refusal()),
    refuse: (request, takesBody) => refuseRequest(request, takesBody, bodies?.get(request.route)),
    refuseUnknown: (_request, allowed) => (allowed.length === 0 ? unknownResource() : wrongMethod(allowed)),
    parse: (body, { headers: { 'content-type': type = '' }, route }) =>
      bodies?.get(route)?.parse(body, type) ?? parseForm(body, formCharset(type) ?? 'ascii'),
  };
}

function observe(
  { headers, socket, method = '', httpVersionMinor, requestId }: HttpRequest,
  route: string | undefined,
  observer: RequestObserver,
  conventions: HttpConventions,
): RequestReport {
  const convention = conventions.of(method, route ?? '', httpVersionMinor);
  const report = observer.begin(endpointOf(route), headers, socket.remoteAddress ?? '', convention, requestId);
  // Of the socket: the name in the `Host` header is whatever the client has written.
  report.span?.set({ 'server.address': socket.localAddress ?? '', 'server.port': socket.localPort ?? 0 });
  return report;
}

/** Which endpoint a route is, for operators: metadata of what is behind proxies has a route for each length of path. */
function endpointOf(route: string | undefined): Endpoint {
  return endpoints.get(route) ?? (route?.startsWith('/.well-known/') ? 'metadata' : 'other');
}

function unknownResource(): OAuthError {
  return new OAuthError('invalid_request', 'there is no such resource', { status: 404 });
}

function wrongMethod(allowed: readonly string[]): OAuthError {
  const headers = { allow: allowed.join(', ') };
  return new OAuthError('invalid_request', 'the method is not allowed', { status: 405, headers });
}

/** While the process drains: the client asks another replica. */
function goingAway(): OAuthError {
  return new OAuthError('temporarily_unavailable', 'this instance is going away', { retryAfterSeconds: 1 });
}
