import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { HttpRequest } from '../../transport/http/http-request.js';
import type { HttpResponse } from '../../transport/http/http-response.js';
import type { SetError } from './set-error.js';

/** A delivery is refused: {@link SetErrorFilter} makes an answer of it. */
export class SetRefused extends Error {
  override readonly name = 'SetRefused';

  constructor(
    readonly status: 400 | 401,
    readonly error: SetError,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(error.description);
  }
}

/** Answers as RFC 8935 §2.3 demands: an error of its own form, and the language of its sentence. */
@Catch(SetRefused)
export class SetErrorFilter implements ExceptionFilter<SetRefused> {
  catch({ status, error, headers }: SetRefused, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    http.getRequest<HttpRequest>().report?.failed(error);
    const response = http.getResponse<HttpResponse>();
    if (response.headersSent) return;
    response.restart().statusCode = status;
    response.setHeader('content-language', 'en');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.answer(JSON.stringify(error.body));
  }
}
