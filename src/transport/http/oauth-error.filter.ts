import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sourceOf } from './peer-of-request.js';
import { Logger } from '../../telemetry/logger.js';
import { logFailure } from '../failure-log.js';
import { errorAnswer } from './error-answer.js';
import { constantHeaders } from './plain-answer.js';

/** Where every error of the public listener ends: constants for the caller, the detail for operators. */
@Catch()
export class OAuthErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { status, headers, body } = errorAnswer(error);
    request.report.failed(error);
    logFailure(this.logger, error, status, sourceOf(request));
    const reply = http.getResponse<FastifyReply>();
    if (!reply.sent)
      void reply
        .code(status)
        .headers({ ...constantHeaders, ...headers })
        .send(body);
  }
}
