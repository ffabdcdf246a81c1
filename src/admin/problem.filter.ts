import { Catch, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { RedisUnavailable } from '../redis/redis-link.js';
import { Logger } from '../telemetry/logger.js';
import type { HttpRequest } from '../transport/http/http-request.js';
import type { HttpResponse } from '../transport/http/http-response.js';
import { RequestRefused } from '../transport/http/read-body.js';
import { AdminProblem, retryLater } from './admin-problem.js';
import { isForAdmin } from './management-rules.js';

/** How soon a store that is away is worth another try. */
const STORE_RETRY_MS = 5_000;

/**
 * Where every error of the admin API ends, and every path that leads nowhere, as a problem document (RFC 9457). Other
 * routes keep their own ways.
 */
@Catch()
export class ProblemFilter extends BaseExceptionFilter {
  constructor(private readonly logger: Logger) {
    super();
  }

  override catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const isProblem = error instanceof AdminProblem || error instanceof RequestRefused;
    if (!isProblem && !isForAdmin(http.getRequest<HttpRequest>())) {
      super.catch(error, host);
      return;
    }
    const problem = problemOf(error);
    if (problem.status >= 500 && !(error instanceof AdminProblem)) {
      const { requestId } = http.getRequest<HttpRequest>();
      this.logger.error({ error, request_id: requestId }, 'an admin request could not be served');
    }
    const response = http.getResponse<HttpResponse>();
    if (response.headersSent) return;
    response.restart().setHeader('content-type', 'application/problem+json').statusCode = problem.status;
    for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
    response.answer(JSON.stringify(problem.document()));
  }
}

function problemOf(error: unknown): AdminProblem {
  if (error instanceof AdminProblem) return error;
  if (error instanceof RedisUnavailable) {
    return retryLater(
      503,
      'store_unavailable',
      'the shared store does not answer; nothing was changed',
      STORE_RETRY_MS,
    );
  }
  // A fault of the client, whether we found it or Nest: a body that is too large, what a pipe of Nest refuses.
  const { status } = (error ?? {}) as { status?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new AdminProblem(status, 'request_refused', 'the request cannot be read');
  }
  return new AdminProblem(500, 'server_error', 'something went wrong here');
}
