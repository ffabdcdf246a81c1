import { Controller, Get, Req, Res } from '@nestjs/common';
import { MOST_RESOURCE_SEGMENTS, resourceDocuments } from '../callers/registration/protected-resource.js';
import { formPairs } from '../transport/http/form.js';
import type { HttpRequest } from '../transport/http/http-request.js';
import type { HttpResponse } from '../transport/http/http-response.js';
import { OAuthError } from '../transport/oauth-error.js';
import { ResourceDocuments } from './resource-documents.js';

/** The paths of documents, by the number of segments that the path of the resource has. */
export const resourceRoutes: readonly string[] = Array.from({ length: MOST_RESOURCE_SEGMENTS + 1 }, (_, count) =>
  [resourceDocuments, ...Array.from({ length: count }, (_segment, i) => `:s${i}`)].join('/'),
);

/**
 * RFC 9728 §3: who issues tokens for a resource behind a proxy. Public, and the same for everybody; `?caller=` tells resources of one path
 * apart, which are of several hosts.
 */
@Controller()
export class ResourceMetadataController {
  constructor(private readonly documents: ResourceDocuments) {}

  @Get([...resourceRoutes])
  read(@Req() { params, url = '' }: HttpRequest, @Res({ passthrough: true }) response: HttpResponse): Buffer {
    const document = this.documents.find(segmentsIn(params), callerIn(url));
    if (!document) throw new OAuthError('invalid_request', 'there is no such resource', { status: 404 });
    response.setHeader('cache-control', 'public, max-age=300').removeHeader('pragma');
    // Clients in browsers read it from another origin, and it is for everybody.
    response.setHeader('access-control-allow-origin', '*');
    return document;
  }
}

function segmentsIn(params: HttpRequest['params']): readonly string[] {
  return Array.from({ length: Object.keys(params).length }, (_, i) => params[`s${i}`] ?? '');
}

function callerIn(url: string): string | undefined {
  const start = url.indexOf('?');
  if (start < 0) return undefined;
  const [first] = [...formPairs(url.slice(start + 1))].filter(([name]) => name === 'caller');
  return first?.[1];
}
