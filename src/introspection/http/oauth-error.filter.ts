import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OAuthError } from '../../callers/oauth-error.js';
import { sourceOf } from '../../callers/presented-by-request.js';
import { KeysUnavailable } from '../../keys/keys-unavailable.js';
import { Logger } from '../../telemetry/logger.js';
import { errorAnswer } from './error-answer.js';
import { constantHeaders } from './plain-answer.js';

/** Where every error of the public listener ends: constants for the caller, the detail for operators. */
@Catch()
export class OAuthErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { status, headers, body } = errorAnswer(error);
    this.log(error, status, http.getRequest<FastifyRequest>());
    const reply = http.getResponse<FastifyReply>();
    if (!reply.sent)
      void reply
        .code(status)
        .headers({ ...constantHeaders, ...headers })
        .send(body);
  }

  private log(error: unknown, status: number, request: FastifyRequest): void {
    if (error instanceof KeysUnavailable) {
      this.logger.info({ issuer: error.issuerId, cause: error.cause }, 'keys of the issuer are not available');
    } else if (status >= 500 && !(error instanceof OAuthError)) {
      this.logger.error({ error }, 'unexpected error');
    } else {
      const detail = error instanceof OAuthError ? (error.detail ?? error.description) : undefined;
      const fields = { status, detail, source: sourceOf(request) };
      if (status === 401 || status === 429) this.logger.info(fields, 'caller refused');
      else this.logger.debug(fields, 'request refused');
    }
  }
}
