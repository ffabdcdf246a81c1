/** Runs Nest's controllers on `node:http`, without a framework between them. */
import { Logger } from '@nestjs/common';
import type { TlsSettings } from '../tls-settings.js';
import { BareAdapter, unsupported } from './bare-adapter.js';
import { contentOf } from './content-of.js';
import { Conversation } from './conversation.js';
import type { HttpListener } from './http-listener.js';
import type { HttpRequest } from './http-request.js';
import type { HttpResponse } from './http-response.js';
import { createHttpServer } from './http-server.js';
import { ignoresBody } from './ignores-body.decorator.js';
import type { ListenerRules } from './listener-rules.js';
import { BodyNeverCame, RequestRefused, takeBody } from './read-body.js';
import { RouteTable, type Match } from './route-table.js';
import { ServerSockets } from './server-sockets.js';

/** What Nest registers for a route, with its guards, pipes, interceptors and filters around the controller. */
type Handler = (request: HttpRequest, response: HttpResponse) => unknown;
type ErrorHandler = (error: unknown, request: HttpRequest, response: HttpResponse) => unknown;

/** A handler, and whether a body is read before it is called. */
interface Route {
  readonly handler: Handler;
  readonly takesBody: boolean;
}

/** The verbs that Nest has decorators for; `all` is any of them, and any other. */
const verbs = ['get', 'post', 'head', 'delete', 'put', 'patch', 'options', 'search', 'query', 'all'] as const;
const webDavVerbs = ['propfind', 'proppatch', 'mkcol', 'copy', 'move', 'lock', 'unlock'] as const;

/** Fixed parts and `:parameters`, nothing else: whatever else Nest allows would need a router that guesses. */
const path = /^(?:\/(?::\w+|[\w.~-]+)?)+$/;

/**
 * Runs Nest's controllers on Node's own server, without a framework between them. Nest 12.5 documents the members that an
 * adapter has to have; what it does with them is not covered by its version numbers, so package.json pins Nest exactly, and one
 * suite of tests runs over this adapter and over Nest's own for Fastify (test/transport/adapter-contract.spec.ts).
 *
 * Bodies of answers are whole: text, octets, or what JSON can say.
 */
export class HttpAdapter extends BareAdapter {
  private readonly routes = new RouteTable<Route>();
  private notFound: Handler | undefined;
  private handleError: ErrorHandler | undefined;
  private sockets: ServerSockets | undefined;

  constructor(
    private readonly listener: HttpListener,
    private readonly rules: ListenerRules = {},
    private readonly tls?: TlsSettings,
  ) {
    super();
    this.setInstance(this.routeVerbs());
  }

  /** Binds the server to its address. Not through Nest, which would write a failure into the log by itself. */
  open(address: { readonly host: string; readonly port: number }): Promise<number> {
    return this.boundSockets.open(address);
  }

  /** The sockets that {@link open} has opened. */
  get boundSockets(): ServerSockets {
    if (!this.sockets) throw new TypeError('Nest has not made its application yet');
    return this.sockets;
  }

  /** Every route that was declared, such as `GET /things/:id`; `ANY` for every method. */
  get declaredRoutes(): readonly string[] {
    return this.routes.routes.map(({ method = 'ANY', path: given }) => `${method} ${given}`);
  }

  override initHttpServer(): void {
    this.httpServer = createHttpServer(this, this.listener, this.tls);
    this.sockets = new ServerSockets(this.httpServer, this.listener.limits.connections);
  }

  override listen(...args: unknown[]): void {
    this.httpServer.listen(...(args as [number, string, () => void]));
  }

  /** What is answered from now on is the last on its connection, so that {@link close} need not wait for idle ones. */
  override beforeClose(): void {
    this.listener.drain.begin();
  }

  override close(): Promise<void> {
    return this.boundSockets.close();
  }

  override normalizePath(given: string): string {
    if (path.test(given)) return given;
    throw new Error(`${given}: a path consists of fixed parts and :parameters`);
  }

  isRouteOrderSensitive(): boolean {
    return false;
  }

  /** Arrives after `OnModuleInit`, when routes have long been registered. */
  override setNotFoundHandler(handler: Handler): void {
    this.notFound = handler;
  }

  override setErrorHandler(handler: ErrorHandler): void {
    this.handleError = handler;
  }

  override reply(response: HttpResponse, body: unknown, statusCode?: number): void {
    if (statusCode !== undefined) response.statusCode = statusCode;
    const { type, content } = contentOf(body);
    if (type !== undefined && !response.hasHeader('content-type')) response.setHeader('content-type', type);
    response.answer(content);
  }

  override getType(): string {
    return 'assay';
  }

  private routeVerbs(): object {
    const add = (method: string | undefined) => (given: string, handler: Handler) => {
      const takesBody = this.rules.parse !== undefined && !ignoresBody(handler);
      this.routes.add(method, given, { handler, takesBody });
    };
    const each = [...verbs, ...webDavVerbs].map((verb) => [verb, add(verb === 'all' ? undefined : verb.toUpperCase())]);
    return { ...Object.fromEntries(each), use: unsupported('middleware') } as object;
  }

  /** Every request that is one; the gate of the server stands before it. Nothing that goes wrong here may end the process. */
  readonly receive = (request: HttpRequest, response: HttpResponse, refusedWith?: number): void => {
    try {
      this.begin(request, response, refusedWith);
    } catch (error) {
      this.giveUp(error, response);
    }
  };

  /** Every request that the server itself has refused. */
  readonly refused = (request: HttpRequest, status: number): void => {
    this.rules.observe?.(request, undefined).end(status);
  };

  private begin(request: HttpRequest, response: HttpResponse, refusedWith: number | undefined): void {
    const { method = '', url = '' } = request;
    const match = this.routes.find(method, url);
    request.begin(this.listener);
    response.begin(this.listener);
    if (match.target) {
      request.route = match.path;
      if (match.params) request.params = match.params;
    }
    const report = this.rules.observe?.(request, match.target && match.path);
    request.report = report;
    if (refusedWith !== undefined) this.refusePlainly(response, refusedWith);
    // Code that waits is resumed in the context in which it began to wait: from here on that has the span of this request.
    else if (report?.span)
      report.span.run(() => {
        this.admit(match, request, response);
      });
    else this.admit(match, request, response);
  }

  private admit(match: Match<Route>, request: HttpRequest, response: HttpResponse): void {
    const unavailable = this.rules.unavailable?.();
    // The body will not be read: without the connection it costs nothing. Nor do requests that would follow.
    if (unavailable) response.shouldKeepAlive = false;
    const { target } = match;
    const refusal =
      unavailable ?? (target ? this.rules.refuse?.(request, target.takesBody) : this.refuseUnknown(match, request));
    if (refusal instanceof Promise) void this.failLater(refusal, request, response);
    else if (refusal) this.fail(refusal, request, response);
    else if (!target) this.run(this.notFound ?? tooEarly, request, response);
    else if (target.takesBody && request.hasContent) this.readAndRun(target.handler, request, response);
    else this.run(target.handler, request, response);
  }

  private refuseUnknown(
    { allowed, isMalformed }: Match<Route>,
    request: HttpRequest,
  ): Error | Promise<Error> | undefined {
    if (isMalformed) return new RequestRefused(400, 'the path is not properly encoded');
    return this.rules.refuseUnknown?.(request, allowed);
  }

  private readAndRun(handler: Handler, request: HttpRequest, response: HttpResponse): void {
    const read = (body: Buffer): void => {
      try {
        request.body = this.rules.parse?.(body, request);
      } catch (error) {
        this.fail(error, request, response);
        return;
      }
      this.run(handler, request, response);
    };
    const { span } = request.report ?? {};
    takeBody(request, response, {
      // The parser reports from outside of the context of the request.
      read: (body) => {
        if (!span) read(body);
        else
          span.run(() => {
            read(body);
          });
      },
      failed: (error) => {
        // The client has gone, or the gate has answered it already.
        if (error instanceof BodyNeverCame) request.report?.end(Math.max(400, response.statusCode));
        else this.fail(error, request, response);
      },
    });
  }

  private fail(error: unknown, request: HttpRequest, response: HttpResponse): void {
    const handle = this.handleError ?? tooEarly;
    this.run(() => handle(error, request, response), request, response);
  }

  private async failLater(refusal: Promise<Error>, request: HttpRequest, response: HttpResponse): Promise<void> {
    const error = await refusal.catch((unexpected: unknown) => unexpected);
    this.fail(error, request, response);
  }

  /** Nest's filters have answered every error already, unless one of them has failed itself. */
  private run(handler: Handler, request: HttpRequest, response: HttpResponse): void {
    const giveUp = (error: unknown): void => {
      this.giveUp(error, response);
    };
    try {
      const running = handler(request, response);
      if (running instanceof Promise) running.catch(giveUp);
    } catch (error) {
      giveUp(error);
    }
  }

  private giveUp(error: unknown, response: HttpResponse): void {
    Logger.error(error, HttpAdapter.name);
    if (response.headersSent) response.destroy();
    else this.refusePlainly(response, 500);
  }

  private refusePlainly(response: HttpResponse, status: number): void {
    const { type, body } = this.listener.refusal(status);
    response.restart().setHeader('content-type', type).statusCode = status;
    response.shouldKeepAlive = false;
    Conversation.on(response.req.socket).end();
    response.answer(body);
  }
}

const tooEarly = unsupported('handlers before Nest has initialised the application');
