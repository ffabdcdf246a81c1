import type { ModuleRef } from '@nestjs/core';
import { CallerAuthenticator } from '../callers/caller-authenticator.js';
import { ProxyAuthenticator } from '../callers/proxy-authenticator.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { serverSection } from '../transport/server.section.js';
import { Authorizer } from '../gateway/authorizer.js';
import { Introspector } from '../introspection/introspector.js';
import { ServerMetadata } from '../introspection/server-metadata.js';
import { VerdictRecorder } from '../introspection/verdicts/verdict-recorder.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { Drain } from '../transport/http/drain.js';
import { Overload } from '../transport/overload.js';
import { RequestObserver } from '../transport/request-observer.js';
import { TrustedProxies } from '../transport/trusted-proxies.js';
import { createPublicApplication, type HttpApplication } from './app.module.js';
export type { HttpApplication };
export async function publicApplication(core: ModuleRef): Promise<HttpApplication> {
  const get = <T>(t: abstract new (...a: never[]) => T): T => core.get<T>(t, { strict: false });
  const { logger } = core.get<Host>(HOST, { strict: false });
  const configuration = get(ActiveConfiguration);
  const { trustedProxies, tls } = configuration.of(serverSection);
  const parts = {
    introspector: get(Introspector),
    authenticator: get(CallerAuthenticator),
    metadata: get(ServerMetadata),
    decisions: get(VerdictRecorder),
    authorizer: get(Authorizer),
    proxies: get(ProxyAuthenticator),
    trusted: get(TrustedProxies),
    logger,
  };
  const settings = { trustedProxies, ...(tls && { tls }) };
  const state = { drain: get(Drain), overload: get(Overload), observer: get(RequestObserver) };
  return createPublicApplication(parts, settings, state);
}
