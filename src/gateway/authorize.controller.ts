import { All, Controller, Req, Res } from '@nestjs/common';
import { ProxyAuthenticator } from '../callers/proxy-authenticator.js';
import { VerdictRecorder } from '../introspection/verdicts/verdict-recorder.js';
import { whenKnown } from '../shared/when-known.js';
import { formPairs } from '../transport/http/form.js';
import type { HttpRequest } from '../transport/http/http-request.js';
import type { HttpResponse } from '../transport/http/http-response.js';
import { IgnoresBody } from '../transport/http/ignores-body.decorator.js';
import { verifiedCertificate } from '../transport/http/peer-of-request.js';
import type { RequestReport } from '../transport/request-report.js';
import { TrustedProxies } from '../transport/trusted-proxies.js';
import { authorizationTerms, type AuthorizationTerms } from './authorization-terms.js';
import { Authorizer } from './authorizer.js';
import { denialBody, type Deny } from './denial.js';
import { identityHeaderNames } from './identity-headers.js';
import { recordDecision } from './record-decision.js';

/** Every request of the public listener is observed. */
type ObservedRequest = HttpRequest & { readonly report: RequestReport };

/**
 * `/authorize`: nginx `auth_request`, Traefik ForwardAuth, Caddy `forward_auth`. Any method, because proxies send theirs or
 * their client's; whatever headers say about the request itself, such as `X-Forwarded-Uri`, opens nothing (K-02, K-06, K-08): it is what a
 * DPoP proof must have been made for. The method counts where the profile lets CORS preflights pass.
 */
@Controller()
export class AuthorizeController {
  constructor(
    private readonly authorizer: Authorizer,
    private readonly proxies: ProxyAuthenticator,
    private readonly trusted: TrustedProxies,
    private readonly decisions: VerdictRecorder,
  ) {}

  @All('authorize')
  @IgnoresBody()
  authorize(
    @Req() { method = '', url, socket, rawHeaders, report }: ObservedRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Buffer | string | Promise<Buffer | string> {
    const { callerId, scopes } = termsIn(url);
    const certificate = verifiedCertificate(socket);
    const profile = this.proxies.authenticate({
      isTrusted: this.trusted.trusts(socket.remoteAddress ?? ''),
      ...(certificate && { certificate }),
      ...(callerId !== undefined && { callerId }),
    });
    report.authenticated(profile.caller);
    const request = { method, headers: rawHeaders };
    const { requestId } = report;
    return whenKnown(this.authorizer.authorize({ request, profile, scopes, requestId }), (decision) => {
      recordDecision({ report, decisions: this.decisions }, 'authorize', profile.caller, decision);
      if (!decision.allowed) return deny(response, decision);
      for (const name of identityHeaderNames) response.setHeader(name, decision.headers[name]);
      return '';
    });
  }
}

function termsIn(url = ''): AuthorizationTerms {
  const start = url.indexOf('?');
  return authorizationTerms(start < 0 ? [] : formPairs(url.slice(start + 1)));
}

function deny(response: HttpResponse, decision: Deny): Buffer {
  response.setHeader('www-authenticate', decision.challenge).statusCode = decision.status;
  if (decision.nonce !== undefined) response.setHeader('dpop-nonce', decision.nonce);
  return denialBody(decision);
}
