import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { CachedDocument } from '../../shared/cached-document.js';
import { giveCached } from '../../transport/http/give-cached.js';
import type { HttpRequest } from '../../transport/http/http-request.js';
import type { HttpResponse } from '../../transport/http/http-response.js';
import { DOCUMENT_MAX_AGE_SECONDS } from './document.openapi.js';

/** The document of one listener: see {@link OpenApiHttpModule}. */
export const API_DOCUMENT = Symbol('the OpenAPI document of this listener');

/** `/openapi.json`: how to use this listener, for programs that make clients. Public, and the same for everybody. */
@Controller()
export class OpenApiController {
  constructor(@Inject(API_DOCUMENT) private readonly document: CachedDocument) {}

  @Get('openapi.json')
  read(@Req() request: HttpRequest, @Res({ passthrough: true }) response: HttpResponse): Buffer | string {
    const terms = { type: 'application/json', maxAgeSeconds: DOCUMENT_MAX_AGE_SECONDS };
    return giveCached(request, response, this.document, terms);
  }
}
