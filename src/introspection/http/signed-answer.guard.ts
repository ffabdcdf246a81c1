import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { OAuthError } from '../../callers/oauth-error.js';
import { presentedByRequest, type CallerRequest } from '../../callers/presented-by-request.js';
import { presentedMethod } from '../../callers/presented-method.js';

const signedAnswer = 'application/token-introspection+jwt';

/**
 * D-02: RFC 9701 §5 answers 400 where RFC 7662 answers 401, to a caller that asks for a signed answer and presents no
 * credentials at all. To everybody else signed answers do not exist.
 */
@Injectable()
export class SignedAnswerGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const isAnonymous =
      asksForSignedAnswer(request.raw.headers.accept) && !presentedMethod(presentedByRequest(request));
    if (isAnonymous) throw new OAuthError('invalid_client', 'client authentication is required', { status: 400 });
    return true;
  }
}

function asksForSignedAnswer(accept = ''): boolean {
  return accept.split(',').some((range) => range.split(';', 1)[0]?.trim().toLowerCase() === signedAnswer);
}
