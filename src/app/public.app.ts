/** Makes the application behind the public listener: introspection, revocation, metadata and the endpoints for proxies. */
import { Module, type ModuleMetadata } from '@nestjs/common';
import { APP_GUARD, type ModuleRef } from '@nestjs/core';
import { CallerAuthenticator } from '../callers/caller-authenticator.js';
import { CallerGuard } from '../callers/caller.guard.js';
import { ProxyAuthenticator } from '../callers/proxy-authenticator.js';
import { Authorizer } from '../gateway/authorizer.js';
import { ResourceDocuments } from '../gateway/resource-documents.js';
import { resourceRoutes } from '../gateway/resource-metadata.controller.js';
import { GatewayHttpModule, type GatewayParts } from '../gateway/gateway-http.module.js';
import { EventReader } from '../introspection/events/event-reader.js';
import { parseIntrospectionForm } from '../introspection/introspection-form.js';
import { IntrospectionHttpModule, type IntrospectionParts } from '../introspection/introspection-http.module.js';
import { Introspector } from '../introspection/introspector.js';
import { ProofIntrospector } from '../introspection/proof-introspector.js';
import { TokenRevoker } from '../introspection/revoke/token-revoker.js';
import { AnswerSigner } from '../introspection/signed/answer-signer.js';
import { ServerMetadata } from '../introspection/server-metadata.js';
import { VerdictRecorder } from '../introspection/verdicts/verdict-recorder.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { EventReceiver } from '../signals/events/event-receiver.js';
import { LogoutReceiver } from '../signals/logout/logout-receiver.js';
import { signalBodies, SignalsHttpModule } from '../signals/signals-http.module.js';
import { Signals } from '../signals/signals.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { ClosedByDefaultGuard } from '../transport/http/closed-by-default.guard.js';
import { Drain } from '../transport/http/drain.js';
import { HttpAdapter } from '../transport/http/http-adapter.js';
import { httpLimitsFor, type HttpLimits } from '../transport/http/http-limits.js';
import { publicListener, publicRules, type PublicListenerState } from '../transport/http/public-rules.js';
import { Overload } from '../transport/overload.js';
import { RequestObserver } from '../transport/request-observer.js';
import { serverSection } from '../transport/server.section.js';
import type { TlsSettings } from '../transport/tls-settings.js';
import { TrustedProxies } from '../transport/trusted-proxies.js';
import { createHttpApplication, type HttpApplication } from './http-application.js';
import { OpenApiHttpModule } from './openapi/openapi-http.module.js';

/**
 * Routes that no caller authenticates for: metadata and public keys are for everybody, `/authorize` knows proxies by other means, and what providers send
 * vouches for itself.
 */
const openRoutes: ReadonlySet<string> = new Set([
  '/.well-known/oauth-authorization-server',
  ...resourceRoutes,
  '/jwks',
  '/openapi.json',
  '/authorize',
  ...signalBodies.keys(),
]);

/** How the public listener is set up. */
export interface PublicSettings {
  /** CIDR blocks or addresses. */
  readonly trustedProxies: readonly string[];
  readonly tls?: TlsSettings;
  readonly limits?: Partial<HttpLimits>;
}

/** The application behind `server.http`, over what the context of the core has made. It does not listen yet. */
export function publicApplication(core: ModuleRef): Promise<HttpApplication> {
  const get = <T>(type: abstract new (...parts: never[]) => T): T => core.get<T>(type, { strict: false });
  const { logger, clock } = core.get<Host>(HOST, { strict: false });
  const configuration = get(ActiveConfiguration);
  const { trustedProxies, tls, limits } = configuration.of(serverSection);
  const parts = {
    introspector: get(Introspector),
    withProofs: get(ProofIntrospector),
    revoker: get(TokenRevoker),
    events: get(EventReader),
    authenticator: get(CallerAuthenticator),
    metadata: get(ServerMetadata),
    signer: get(AnswerSigner),
    decisions: get(VerdictRecorder),
    authorizer: get(Authorizer),
    proxies: get(ProxyAuthenticator),
    documents: get(ResourceDocuments),
    trusted: get(TrustedProxies),
    logger,
  };
  const state = { drain: get(Drain), overload: get(Overload), observer: get(RequestObserver) };
  const settings = { trustedProxies, limits: httpLimitsFor(limits.token), ...(tls && { tls }) };
  const signals = SignalsHttpModule.withParts({
    logout: get(LogoutReceiver),
    events: get(EventReceiver),
    signals: get(Signals),
    clock,
  });
  return createPublicApplication(parts, settings, state, [signals]);
}

/**
 * The same over parts that are given.
 * @param further modules beside ours
 */
export function createPublicApplication(
  parts: IntrospectionParts & GatewayParts,
  { trustedProxies, tls, limits }: PublicSettings,
  state: Omit<PublicListenerState, 'parseForm' | 'bodies' | 'scheme'>,
  further: ModuleMetadata['imports'] = [],
): Promise<HttpApplication> {
  const scheme = tls ? 'https' : 'http';
  const rules = publicRules({ ...state, scheme, parseForm: parseIntrospectionForm, bodies: signalBodies });
  const adapter = new HttpAdapter(publicListener(trustedProxies, state.drain, limits), rules, tls);
  const guard = new ClosedByDefaultGuard(openRoutes, new CallerGuard(parts.authenticator));
  const imports = [
    IntrospectionHttpModule.withParts(parts),
    GatewayHttpModule.withParts(parts),
    OpenApiHttpModule.of('public'),
    ...further,
  ];
  const providers = [{ provide: APP_GUARD, useValue: guard }];
  return createHttpApplication({ module: PublicModule, imports, providers }, adapter, parts.logger);
}

/** What the public listener serves. */
@Module({})
class PublicModule {}
