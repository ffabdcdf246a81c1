import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestObserver } from '../request-observer.js';
import type { Endpoint, RequestReport } from '../request-report.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What operators will hear of this request. */
    report: RequestReport;
  }
}

const doors: ReadonlyMap<string, Endpoint> = new Map([
  ['/introspect', 'introspect'],
  ['/authorize', 'authorize'],
  ['/.well-known/oauth-authorization-server', 'metadata'],
]);

/** Reports every request, whatever refuses it. To be called before there is any other hook. */
export function observeRequests(instance: FastifyInstance, observer: RequestObserver): void {
  instance.decorateRequest('report');
  instance.addHook('onRequest', (request, _reply, done) => {
    const { raw } = request;
    request.report = observer.begin(endpointOf(request), raw.headers, raw.socket.remoteAddress ?? '');
    inSpanOf(request, done);
  });
  // A body arrives in the context of its connection, not in that of its request.
  instance.addHook('preValidation', (request, _reply, done) => {
    inSpanOf(request, done);
  });
  instance.addHook('onResponse', (request, reply, done) => {
    request.report.end(reply.statusCode);
    done();
  });
}

function endpointOf({ is404, routeOptions }: FastifyRequest): Endpoint {
  return is404 ? 'other' : (doors.get(routeOptions.url ?? '') ?? 'other');
}

function inSpanOf({ report: { span } }: FastifyRequest, done: () => void): void {
  if (span) span.run(done);
  else done();
}
