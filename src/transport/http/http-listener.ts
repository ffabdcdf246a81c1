import type { FastifyBodyParser, FastifyInstance, FastifyRequest, FastifyServerOptions } from 'fastify';
import { OAuthError } from '../oauth-error.js';
import type { Overload } from '../overload.js';
import type { RequestObserver } from '../request-observer.js';
import type { Drain } from './drain.js';
import { defaultHttpLimits, type HttpLimits } from './http-limits.js';
import { createHttpServer } from './http-server.js';
import { observeRequests } from './observe-requests.js';
import { constantHeaders, errorBody } from './plain-answer.js';
import { formType, hasBody, refuseRequest } from './refuse-request.js';
import type { TlsSettings } from '../tls-settings.js';
import { TrustedProxies } from '../trusted-proxies.js';

const refusal = errorBody('invalid_request');

/** How the public listener is set up. */
export interface HttpListenerSettings {
  /** CIDR blocks or addresses. */
  readonly trustedProxies: readonly string[];
  readonly tls?: TlsSettings;
  readonly limits?: Partial<HttpLimits>;
}

/** Options for the Fastify adapter of the public listener. Nest's own body parsers must be off (`bodyParser: false`). */
export function httpListenerOptions({ trustedProxies, tls, limits }: HttpListenerSettings): FastifyServerOptions {
  const allLimits = { ...defaultHttpLimits, ...limits };
  const proxies = new TrustedProxies(trustedProxies);
  return {
    serverFactory: (handler) => createHttpServer(handler, allLimits, tls),
    // The server does that already, and in its turn.
    clientErrorHandler: () => undefined,
    bodyLimit: allLimits.bodyBytes,
    trustProxy: trustedProxies.length > 0 && ((address) => proxies.trusts(address)),
    // While the server closes, requests in flight finish; whether new ones are refused is for `Drain` to say.
    return503OnClosing: false,
    frameworkErrors: (error, _request, { raw }) => {
      raw.writeHead(error.statusCode ?? 400, { ...constantHeaders, 'content-length': refusal.length }).end(refusal);
    },
  };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whatever body comes is thrown away. Without it, bodies are forms. */
    readonly ignoresBody?: boolean;
  }
}

/** What can make the listener refuse requests that are in order, and who hears of every request. */
export interface HttpListenerState {
  readonly drain: Drain;
  readonly overload: Overload;
  readonly observer: RequestObserver;
  /** Reads a form. @throws {OAuthError} */
  readonly parseForm: (body: Buffer) => unknown;
}

/** Gives the instance its only body parser, and its first hooks. To be called before the application makes its routes. */
export function prepareHttpListener(
  instance: FastifyInstance,
  { drain, overload, observer, parseForm }: HttpListenerState,
): void {
  observeRequests(instance, observer);
  const resources = new Resources();
  const refuse = (request: FastifyRequest): OAuthError | undefined => {
    if (request.is404) return resources.refuse(request);
    return refuseRequest(request.raw, request.routeOptions.config.ignoresBody !== true);
  };
  instance.addHook('onRoute', ({ url, method }) => {
    resources.add(url, method);
  });
  instance.decorateRequest('caller', undefined);
  instance.addHook('onRequest', (request, reply, done) => {
    // Otherwise Fastify would look for a charset in the type of each text, and JSON has none (RFC 8259 §11).
    reply.headers(constantHeaders).serializer(asItIs);
    const unavailable = drain.begun ? goingAway() : overload.refusal();
    const refusal = unavailable ?? refuse(request);
    if (!refusal) {
      // The type is the client's, whom the proxy asks about: it decides nothing, not even that there must be one (QUERY).
      if (request.routeOptions.config.ignoresBody) request.raw.headers['content-type'] = formType;
      done();
      return;
    }
    // The body will not be read: without the connection it costs nothing. Nor do requests that would follow.
    if (unavailable || hasBody(request.raw.headers)) reply.header('connection', 'close');
    done(refusal);
  });
  // The answer to a request in flight is the last one on its connection: nobody waits for an idle client to go away.
  instance.addHook('onSend', (_request, reply, payload, done) => {
    if (drain.begun) reply.header('connection', 'close');
    done(null, payload);
  });
  instance.removeAllContentTypeParsers();
  const readForm: FastifyBodyParser<Buffer> = (request, body, done) => {
    done(null, request.routeOptions.config.ignoresBody ? undefined : parseForm(body));
  };
  // The usual type is found at once; for others Fastify takes the header apart each time.
  instance.addContentTypeParser([formType, '*'], { parseAs: 'buffer' }, readForm);
}

/** Which methods each resource has, so that a wrong one gets the 405 that Fastify does not know (X12). */
class Resources {
  private readonly methods = new Map<string, Set<string>>();

  add(path: string, methods: string | readonly string[]): void {
    const known = this.methods.get(path) ?? new Set();
    this.methods.set(path, new Set([...known, ...[methods].flat()]));
  }

  refuse({ raw: { url = '' } }: FastifyRequest): OAuthError {
    const allowed = this.methods.get(url.split('?', 1)[0] ?? '');
    if (!allowed) return new OAuthError('invalid_request', 'there is no such resource', { status: 404 });
    const headers = { allow: [...allowed].join(', ') };
    return new OAuthError('invalid_request', 'the method is not allowed', { status: 405, headers });
  }
}

/** Every handler writes its answer itself. */
function asItIs(text: string): string {
  return text;
}

/** X19. */
function goingAway(): OAuthError {
  return new OAuthError('temporarily_unavailable', 'this instance is going away', {
    retryAfterSeconds: 1,
  });
}
