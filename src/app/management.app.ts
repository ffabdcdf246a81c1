/** Makes the application behind the management listener: probes, metrics, admin API and console. */
import { Module, type ModuleMetadata } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, type ModuleRef } from '@nestjs/core';
import { AdminAuthenticator } from '../admin/admin-authenticator.js';
import { AdminHttpModule, type AdminParts } from '../admin/admin-http.module.js';
import { adminSection } from '../admin/admin.section.js';
import { AdminGuard } from '../admin/admin.guard.js';
import { readConsoleFiles } from '../admin/console/console-files.js';
import { serveConsole } from '../admin/console/serve-console.js';
import { CallersOverview } from '../admin/callers-overview.js';
import { EventsOverview } from '../admin/events/events-overview.js';
import { Explainer } from '../admin/explain/explainer.js';
import { IssuerAdministration } from '../admin/issuer-administration.js';
import { FleetOverview } from '../admin/fleet-overview.js';
import { RegionActions } from '../admin/regions/region-actions.js';
import { RegionsOverview } from '../admin/regions/regions-overview.js';
import { Fleet } from '../admin/fleet.js';
import { RevocationAdministration } from '../admin/revocation-administration.js';
import { IssuerOverview } from '../admin/issuer-overview.js';
import { JsonBodyInterceptor } from '../admin/json-body.interceptor.js';
import { managementListener, managementRules } from '../admin/management-rules.js';
import { HealthHttpModule, type HealthSources } from '../health/health-http.module.js';
import { Lifecycle } from '../health/lifecycle.js';
import { DenialsPresence } from '../health/readiness.js';
import { HygieneReport } from '../hygiene/hygiene-report.js';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { KeyManager } from '../keys/key-manager.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { SignalOverview } from '../signals/signal-overview.js';
import { Streams } from '../signals/streams/streams.js';
import type { Host } from '../telemetry/host.js';
import { MetricsModule } from '../telemetry/metrics/metrics.module.js';
import type { ScrapeReader } from '../telemetry/metrics/scrape-reader.js';
import { Telemetry } from '../telemetry/telemetry.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { ClosedByDefaultGuard } from '../transport/http/closed-by-default.guard.js';
import { HttpAdapter } from '../transport/http/http-adapter.js';
import { httpLimitsFor, type HttpLimits } from '../transport/http/http-limits.js';
import { serverSection } from '../transport/server.section.js';
import { createHttpApplication, type HttpApplication } from './http-application.js';
import { OpenApiHttpModule } from './openapi/openapi-http.module.js';

/** Routes that need no token: they show numbers and no names, or ask for one themselves. */
const openRoutes: ReadonlySet<string> = new Set([
  '/livez',
  '/readyz',
  '/startupz',
  '/metrics',
  '/openapi.json',
  '/console/session',
]);

/** What the management listener shows, and who may see it. */
export interface ManagementParts extends AdminParts {
  readonly health: HealthSources;
  readonly reader: ScrapeReader;
  /** What the listener takes, where it is not the default. */
  readonly limits?: Partial<HttpLimits>;
}

/** The application behind `server.management`, over what the context of the core has made. It does not listen yet. */
export function managementApplication(core: ModuleRef): Promise<HttpApplication> {
  const get = <T>(type: abstract new (...parts: never[]) => T): T => core.get<T>(type, { strict: false });
  const configuration = get<ActiveConfiguration>(ActiveConfiguration);
  return createManagementApplication({
    authenticator: get(AdminAuthenticator),
    administration: get(IssuerAdministration),
    revocations: get(RevocationAdministration),
    overview: get(IssuerOverview),
    fleetOverview: get(FleetOverview),
    regionsOverview: get(RegionsOverview),
    regionActions: get(RegionActions),
    fleet: get(Fleet),
    signals: get(SignalOverview),
    streams: get(Streams),
    explainer: get(Explainer),
    hygiene: get(HygieneReport),
    callersOverview: get(CallersOverview),
    eventsOverview: get(EventsOverview),
    configuration,
    health: {
      lifecycle: get(Lifecycle),
      issuers: get(IssuerRegistry),
      keys: get(KeyManager),
      denials: get(DenialsPresence),
    },
    reader: core.get<Telemetry>(Telemetry, { strict: false }).reader,
    host: core.get<Host>(HOST, { strict: false }),
    limits: httpLimitsFor(configuration.of(serverSection).limits.token),
  });
}

/**
 * The same over parts that are given.
 * @param further modules beside ours
 */
export function createManagementApplication(
  { health, reader, limits, ...admin }: ManagementParts,
  further: ModuleMetadata['imports'] = [],
): Promise<HttpApplication> {
  const { authenticator, configuration } = admin;
  const adapter = new HttpAdapter(managementListener(limits), managementRules(authenticator));
  serveConsole(adapter, { files: readConsoleFiles(), isOn: () => configuration.of(adminSection).hasConsole });
  const guard = new ClosedByDefaultGuard(openRoutes, new AdminGuard(authenticator));
  const imports = [
    HealthHttpModule.over(health),
    MetricsModule.over(reader),
    AdminHttpModule.withParts(admin),
    OpenApiHttpModule.of('management'),
    ...further,
  ];
  const providers = [
    { provide: APP_GUARD, useValue: guard },
    { provide: APP_INTERCEPTOR, useClass: JsonBodyInterceptor },
  ];
  return createHttpApplication({ module: ManagementModule, imports, providers }, adapter, admin.host.logger);
}

/** What the management listener serves. */
@Module({})
class ManagementModule {}
