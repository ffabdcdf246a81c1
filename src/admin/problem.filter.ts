import { Catch, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RedisUnavailable } from '../redis/redis-unavailable.js';
import { Logger } from '../telemetry/logger.js';
import { isForAdmin } from './admin-listener.js';
import { AdminProblem, retryLater } from './admin-problem.js';

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
    if (!(error instanceof AdminProblem) && !isForAdmin(http.getRequest<FastifyRequest>())) {
      super.catch(error, host);
      return;
    }
    const problem = problemOf(error);
    if (problem.status >= 500 && !(error instanceof AdminProblem)) {
      this.logger.error({ error }, 'an admin request could not be served');
    }
    const reply = http.getResponse<FastifyReply>();
    void reply
      .code(problem.status)
      .headers({ ...problem.headers, 'content-type': 'application/problem+json' })
      .send(Buffer.from(JSON.stringify(problem.document())));
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
  // What Fastify and Nest call a fault of the client, such as a body that is too large.
  const { statusCode, status } = (error ?? {}) as { statusCode?: unknown; status?: unknown };
  const code = [statusCode, status].find((each) => typeof each === 'number' && each >= 400 && each < 500);
  if (code !== undefined) return new AdminProblem(code as number, 'request_refused', 'the request cannot be read');
  return new AdminProblem(500, 'server_error', 'something went wrong here');
}
