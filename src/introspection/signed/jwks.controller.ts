import { Controller, Get, Req, Res } from '@nestjs/common';
import { JWKS_MAX_AGE_SECONDS } from '../../signing/key-publication.js';
import { giveCached } from '../../transport/http/give-cached.js';
import type { HttpRequest } from '../../transport/http/http-request.js';
import type { HttpResponse } from '../../transport/http/http-response.js';
import { OAuthError } from '../../transport/oauth-error.js';
import { AnswerSigner } from './answer-signer.js';

/** The keys that signed answers are checked with (RFC 7517). Public, and the same for everybody. */
@Controller()
export class JwksController {
  constructor(private readonly signer: AnswerSigner) {}

  @Get('jwks')
  read(@Req() request: HttpRequest, @Res({ passthrough: true }) response: HttpResponse): Buffer | string {
    const { jwks } = this.signer;
    if (!jwks) throw new OAuthError('invalid_request', 'this service has no keys of its own', { status: 404 });
    const terms = { type: 'application/jwk-set+json', maxAgeSeconds: JWKS_MAX_AGE_SECONDS };
    return giveCached(request, response, jwks, terms);
  }
}
