import { Controller, Get, Res } from '@nestjs/common';
import type { HttpResponse } from '../transport/http/http-response.js';
import { OAuthError } from '../transport/oauth-error.js';
import { ServerMetadata } from './server-metadata.js';

/** RFC 8414 §3: where and how to introspect. Public, and the same for everybody. */
@Controller()
export class MetadataController {
  constructor(private readonly metadata: ServerMetadata) {}

  @Get('.well-known/oauth-authorization-server')
  read(@Res({ passthrough: true }) response: HttpResponse): Buffer {
    const { body } = this.metadata;
    if (!body) throw new OAuthError('invalid_request', 'this service has no identifier', { status: 404 });
    response.setHeader('cache-control', 'public, max-age=300').removeHeader('pragma');
    return body;
  }
}
