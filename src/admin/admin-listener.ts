import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { sourceOf } from '../transport/http/peer-of-request.js';
import { hasBody } from '../transport/http/refuse-request.js';
import type { AdminAuthenticator } from './admin-authenticator.js';
import { AdminProblem, unauthorized } from './admin-problem.js';
import { AdminRoutes } from './admin-routes.js';
import type { Admin } from './admin-tokens.js';

/** A request that has been let in. */
export type AdminRequest = FastifyRequest & { admin: Admin | undefined };

/** Who was let in. @throws {AdminProblem} for nobody, which the guard has refused before */
export function adminOf({ admin }: AdminRequest): Admin {
  if (admin) return admin;
  throw unauthorized('credentials_missing');
}

const constantHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** UTF-8 is the only encoding of JSON (RFC 8259 §8.1). */
const json = /^application\/json(?:[ \t]*;[ \t]*charset=(?:utf-8|"utf-8"))?$/i;

/**
 * Whether a request is for the admin API: by the route that was found for it, however the path was spelled; where none
 * was found, there is nothing to protect.
 */
export function isForAdmin({ is404, url, routeOptions }: FastifyRequest): boolean {
  return /^\/admin(?:[/?]|$)/.test(is404 ? url : (routeOptions.url ?? ''));
}

const unreadable = new AdminProblem(400, 'request_refused', 'the request cannot be read');

/** Answers what has no path that could be looked up, without repeating it. */
export const refuseUnreadable: NonNullable<FastifyServerOptions['frameworkErrors']> = (_error, _request, reply) => {
  reply.raw
    .writeHead(unreadable.status, { ...constantHeaders, 'content-type': 'application/problem+json' })
    .end(JSON.stringify(unreadable.document()));
};

/** Sets the guard before every admin route, and answers for paths that lead nowhere. To be called before the application makes its routes. */
export function prepareAdminListener(instance: FastifyInstance, door: AdminAuthenticator): void {
  const routes = new AdminRoutes();
  instance.addHook('onRoute', ({ url, method }) => {
    routes.add(url, [method].flat());
  });
  instance.decorateRequest('admin', undefined);
  instance.addHook('onRequest', (request, reply, done) => {
    try {
      if (isForAdmin(request)) letIn(request as AdminRequest, reply, door);
      if (request.is404) refuseUnknown(request, reply, routes);
      done();
    } catch (error) {
      // The body will not be read.
      if (hasBody(request.raw.headers)) reply.header('connection', 'close');
      done(error as Error);
    }
  });
  // Controllers read bodies themselves, strictly.
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
}

function letIn(request: AdminRequest, reply: FastifyReply, door: AdminAuthenticator): void {
  const { raw, method, is404 } = request;
  reply.headers(constantHeaders);
  const { headers, rawHeaders } = raw;
  request.admin = door.admit({ method, headers, rawHeaders, peer: sourceOf({ raw, ip: undefined }) });
  if (is404) return;
  const isPlainJson = json.test(headers['content-type'] ?? '') && headers['content-encoding'] === undefined;
  if (hasBody(headers) && !isPlainJson) {
    throw new AdminProblem(415, 'media_type_unsupported', 'the body must be application/json, UTF-8, not encoded');
  }
}

function refuseUnknown({ url }: FastifyRequest, reply: FastifyReply, routes: AdminRoutes): never {
  reply.headers(constantHeaders);
  const allowed = routes.methodsOf(url.split('?', 1)[0] ?? '');
  if (allowed.length === 0) throw new AdminProblem(404, 'resource_unknown', 'there is no such resource');
  const headers = { allow: allowed.join(', ') };
  throw new AdminProblem(405, 'method_not_allowed', 'the resource does not have this method', { headers });
}
