import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { Logger } from '../../telemetry/logger.js';
import { logFailure } from '../failure-log.js';
import { errorAnswer } from './error-answer.js';
import type { HttpRequest } from './http-request.js';
import type { HttpResponse } from './http-response.js';
import { sourceOf } from './peer-of-request.js';

/** Where every error of the public listener ends: constants for the caller, the detail for operators. */
@Catch()
export class OAuthErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const { status, headers, body } = errorAnswer(error);
    request.report?.failed(error);
    logFailure(this.logger, error, status, sourceOf(request), request.requestId);
    const response = http.getResponse<HttpResponse>();
    if (response.headersSent) return;
    response.restart().statusCode = status;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.answer(body);
  }
}
