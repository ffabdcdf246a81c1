import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { CredentialsMissing } from '../../callers/credentials/authentication-failure.js';
import type { HttpRequest } from '../../transport/http/http-request.js';
import { OAuthErrorFilter } from '../../transport/http/oauth-error.filter.js';
import { OAuthError } from '../../transport/oauth-error.js';
import { asksForSigned } from './answer-form.js';

/**
 * RFC 9701 §5 answers 400 where RFC 7662 answers 401, to a caller that asks for a signed answer and presents no
 * credentials at all.
 */
@Catch(OAuthError)
export class SignedAnswerFilter implements ExceptionFilter<OAuthError> {
  constructor(private readonly errors: OAuthErrorFilter) {}

  catch(error: OAuthError, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<HttpRequest>();
    const isForRfc9701 = error instanceof CredentialsMissing && asksForSigned(request.headers.accept);
    this.errors.catch(isForRfc9701 ? unauthenticated() : error, host);
  }
}

function unauthenticated(): OAuthError {
  return new OAuthError('invalid_client', 'client authentication is required', { status: 400 });
}
