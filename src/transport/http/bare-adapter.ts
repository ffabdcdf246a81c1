import { AbstractHttpAdapter } from '@nestjs/core';
import type { Server } from 'node:http';
import type { HttpRequest } from './http-request.js';
import type { HttpResponse } from './http-response.js';

/** What Nest asks of any adapter about a single request or answer; what nothing here needs throws, and says what it is. */
export abstract class BareAdapter extends AbstractHttpAdapter<Server, HttpRequest, HttpResponse> {
  override getRequestMethod({ method }: HttpRequest): string {
    return method ?? '';
  }

  override getRequestUrl({ url }: HttpRequest): string {
    return url ?? '';
  }

  override status(response: HttpResponse, statusCode: number): void {
    response.statusCode = statusCode;
  }

  override end(response: HttpResponse, message?: string): void {
    response.end(message);
  }

  override isHeadersSent({ headersSent }: HttpResponse): boolean {
    return headersSent;
  }

  override getHeader(response: HttpResponse, name: string): unknown {
    return response.getHeader(name);
  }

  override setHeader(response: HttpResponse, name: string, value: string): void {
    response.setHeader(name, value);
  }

  override appendHeader(response: HttpResponse, name: string, value: string): void {
    response.appendHeader(name, value);
  }

  override redirect = unsupported('redirects');
  override render = unsupported('views');
  override setViewEngine = unsupported('views');
  override useStaticAssets = unsupported('static files');
  override enableCors = unsupported('CORS');
  override registerParserMiddleware = unsupported(
    'body parsers of its own: create the application with bodyParser: false',
  );
  override createMiddlewareFactory = unsupported(
    'middleware: use a guard, an interceptor, or the rules of the listener',
  );
  override applyVersionFilter = unsupported('versions of routes, other than in their path');
  override getRequestHostname = unsupported('routes for one host');
  override registerSecurityHook = unsupported('security hooks: use the rules of the listener');
}

/** A member of the adapter that this one does not have. @param what it would do, for the message */
export function unsupported(what: string): () => never {
  return () => {
    throw new Error(`the HTTP adapter has no ${what}`);
  };
}
