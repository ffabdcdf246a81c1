import { Controller, Get, Req, Res } from '@nestjs/common';
import { isUnchanged } from '../../signing/jwks.js';
import { JWKS_MAX_AGE_SECONDS } from '../../signing/key-publication.js';
import type { HttpRequest } from '../../transport/http/http-request.js';
import type { HttpResponse } from '../../transport/http/http-response.js';
import { OAuthError } from '../../transport/oauth-error.js';
import { AnswerSigner } from './answer-signer.js';

/** The keys that signed answers are checked with (RFC 7517). Public, and the same for everybody. */
@Controller()
export class JwksController {
  constructor(private readonly signer: AnswerSigner) {}

  @Get('jwks')
  read(@Req() { headers }: HttpRequest, @Res({ passthrough: true }) response: HttpResponse): Buffer | string {
    const { jwks } = this.signer;
    if (!jwks) throw new OAuthError('invalid_request', 'this service has no keys of its own', { status: 404 });
    response.setHeader('content-type', 'application/jwk-set+json').setHeader('etag', jwks.etag);
    response.setHeader('cache-control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`).removeHeader('pragma');
    if (!isUnchanged(jwks, headers['if-none-match'])) return jwks.body;
    response.statusCode = 304;
    return '';
  }
}
