import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AdminAuthenticator } from '../admin/admin-authenticator.js';
import type { Explainer } from '../admin/explain/explainer.js';
import type { IssuerAdministration } from '../admin/issuer-administration.js';
import type { IssuerOverview } from '../admin/issuer-overview.js';
import { prepareAdminListener, refuseUnreadable } from '../admin/admin-listener.js';
import { AdminHttpModule as AdminModule } from '../admin/admin-http.module.js';
import { GatewayHttpModule as GatewayModule, type GatewayParts } from '../gateway/gateway-http.module.js';
import { HealthHttpModule as HealthModule, type HealthSources } from '../health/health-http.module.js';
import {
  httpListenerOptions,
  prepareHttpListener,
  type HttpListenerSettings,
  type HttpListenerState,
} from '../transport/http/http-listener.js';
import { parseIntrospectionForm } from '../introspection/introspection-form.js';
import {
  IntrospectionHttpModule as IntrospectionModule,
  type IntrospectionParts,
} from '../introspection/introspection-http.module.js';
import { NestLogger } from '../telemetry/nest-logger.js';
import type { Logger } from '../telemetry/logger.js';
import { MetricsModule } from '../telemetry/metrics/metrics.module.js';
import type { Telemetry } from '../telemetry/telemetry.js';

/** An application with a listener of its own. */
export type HttpApplication = NestFastifyApplication;

/** Limits of the management listener, in milliseconds and bytes. Its clients are kubelets, scrapers and operators. */
const managementLimits = { requestTimeout: 10_000, keepAliveTimeout: 75_000, bodyLimit: 64 * 1024 };

/** The application behind `server.http`. It does not listen yet. */
export async function createPublicApplication(
  parts: IntrospectionParts & GatewayParts,
  settings: HttpListenerSettings,
  state: Omit<HttpListenerState, 'parseForm'>,
): Promise<HttpApplication> {
  const adapter = new FastifyAdapter(httpListenerOptions(settings));
  prepareHttpListener(adapter.getInstance(), { ...state, parseForm: parseIntrospectionForm });
  const imports = [IntrospectionModule.withParts(parts), GatewayModule.withParts(parts)];
  return create({ module: PublicModule, imports }, adapter, parts.logger);
}

/** What the public listener serves. */
@Module({})
class PublicModule {}

/** What the management listener shows, besides health. */
export interface ManagementParts {
  readonly admin: {
    readonly door: AdminAuthenticator;
    readonly administration: IssuerAdministration;
    readonly overview: IssuerOverview;
    readonly explainer: Explainer;
  };
  readonly telemetry: Pick<Telemetry, 'reader'>;
}

/** The application behind `server.management`. It does not listen yet. */
export async function createManagementApplication(
  sources: HealthSources,
  { admin, telemetry }: ManagementParts,
  logger: Logger,
): Promise<HttpApplication> {
  const adapter = new FastifyAdapter({ ...managementLimits, frameworkErrors: refuseUnreadable });
  prepareAdminListener(adapter.getInstance(), admin.door);
  const { administration, overview, explainer } = admin;
  const imports = [
    HealthModule.over(sources),
    MetricsModule.over(telemetry.reader),
    AdminModule.withParts({ administration, overview, explainer, logger }),
  ];
  return create({ module: ManagementModule, imports }, adapter, logger);
}

/** What the management listener serves. */
@Module({})
class ManagementModule {}

function create(
  module: Parameters<typeof NestFactory.create>[0],
  adapter: FastifyAdapter,
  logger: Logger,
): Promise<HttpApplication> {
  return NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: new NestLogger(logger),
    // The process decides what a failed start means, and says it in one line.
    abortOnError: false,
  });
}
