import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ServerMetadata } from '../server-metadata.js';

/** RFC 8414 §3: where and how to introspect. Public, and the same for everybody. */
@Controller()
export class MetadataController {
  constructor(private readonly metadata: ServerMetadata) {}

  @Get('.well-known/oauth-authorization-server')
  @Header('cache-control', 'public, max-age=300')
  read(@Res({ passthrough: true }) reply: FastifyReply): Buffer {
    reply.removeHeader('pragma');
    return this.metadata.body;
  }
}
