import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { HttpRequest } from '../transport/http/http-request.js';
import type { HttpResponse } from '../transport/http/http-response.js';
import { readBody } from '../transport/http/read-body.js';
import { AdminProblem } from './admin-problem.js';

/** UTF-8 is the only encoding of JSON (RFC 8259 §8.1). */
const json = /^application\/json(?:[ \t]*;[ \t]*charset=(?:utf-8|"utf-8"))?$/i;

/**
 * Reads bodies once guards have let the request in. As octets: controllers read JSON more strictly than any parser that would
 * have to guess what is meant.
 */
@Injectable()
export class JsonBodyInterceptor implements NestInterceptor {
  async intercept(context: ExecutionContext, next: CallHandler): Promise<ReturnType<CallHandler['handle']>> {
    const http = context.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    if (!request.hasContent) return next.handle();
    const { headers } = request;
    const isPlainJson = json.test(headers['content-type'] ?? '') && headers['content-encoding'] === undefined;
    if (!isPlainJson) {
      throw new AdminProblem(415, 'media_type_unsupported', 'the body must be application/json, UTF-8, not encoded');
    }
    request.body = await readBody(request, http.getResponse<HttpResponse>());
    return next.handle();
  }
}
