import { All, Controller, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authorizationHeaders, verifiedCertificate } from '../transport/http/peer-of-request.js';
import { ProxyAuthenticator } from '../callers/proxy-authenticator.js';
import { formPairs } from '../transport/http/form.js';
import { TrustedProxies } from '../transport/trusted-proxies.js';
import { VerdictRecorder } from '../introspection/verdicts/verdict-recorder.js';
import { authorizationTerms, type AuthorizationTerms } from './authorization-terms.js';
import { Authorizer, type Deny } from './authorizer.js';
import { denialBody } from './denial-body.js';
import { recordDecision } from './record-decision.js';

/**
 * `/authorize`: nginx `auth_request`, Traefik ForwardAuth, Caddy `forward_auth`. Any method, because proxies send theirs or
 * their client's; whatever the proxy says about the request itself, such as `X-Forwarded-Uri`, decides nothing (K-02, K-06, K-08).
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
  @RouteConfig({ ignoresBody: true })
  async authorize(
    @Req() { raw, report }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | string> {
    const { callerId, scopes } = termsIn(raw.url);
    const certificate = verifiedCertificate(raw.socket);
    const profile = this.proxies.authenticate({
      isTrusted: this.trusted.trusts(raw.socket.remoteAddress ?? ''),
      ...(certificate && { certificate }),
      ...(callerId !== undefined && { callerId }),
    });
    report.authenticated(profile.caller);
    const authorization = authorizationHeaders(raw.rawHeaders);
    const decision = await this.authorizer.authorize({ authorization, profile, scopes });
    recordDecision({ report, decisions: this.decisions }, 'authorize', profile.caller, decision);
    if (decision.allowed) {
      reply.code(200).headers(decision.headers);
      return '';
    }
    return deny(reply, decision);
  }
}

function termsIn(url = ''): AuthorizationTerms {
  const start = url.indexOf('?');
  return authorizationTerms(start < 0 ? [] : formPairs(url.slice(start + 1)));
}

function deny(reply: FastifyReply, decision: Deny): Buffer {
  reply.code(decision.status).header('www-authenticate', decision.challenge);
  return denialBody(decision);
}
