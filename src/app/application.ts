import type { AddressInfo } from 'node:net';
import { createManagementApplication, createPublicApplication, type HttpApplication } from './app.module.js';
import { MeteredReloads } from '../config/metered-reloads.js';
import type { ReloadObserver } from '../config/reload-observer.js';
import type { ServerSection } from '../transport/server.config.js';
import { Core } from './core.js';
import { authorizationService, type AuthorizationServiceParts } from '../gateway/authorization-service.js';
import { GrpcHealth } from '../health/grpc-health.js';
import { Lifecycle } from '../health/lifecycle.js';
import { Readiness } from '../health/readiness.js';
import { GrpcListener } from '../transport/grpc/grpc-listener.js';
import { introspectionService, type IntrospectionServiceParts } from '../introspection/introspection-service.js';
import { Drain } from '../transport/http/drain.js';
import { stopListening } from '../transport/http/stop-listening.js';
import { replaceCertificates, type TlsSettings } from '../transport/tls-settings.js';
import { TrustedProxies } from '../transport/trusted-proxies.js';
import { MeasuredLoopDelay } from '../transport/loop-delay.js';
import { RequestObserver } from '../transport/request-observer.js';
import { Overload } from '../transport/overload.js';
import { ListenerFailed } from './listener-failed.js';
import { observeService } from './observe-service.js';
import type { PreparedConfiguration } from './prepare-configuration.js';
import type { Clock } from '../shared/clock.js';
import type { Audit } from '../telemetry/audit.js';
import type { Logger } from '../telemetry/logger.js';
import type { TelemetrySection } from '../telemetry/telemetry.config.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import { shareState } from './share-state.js';
import { urlOf } from '../shared/url-of.js';

/** Connections are cut this long before the shutdown must be over, in milliseconds: closing what is left takes a moment. */
const CUT_MARGIN_MS = 500;

/** Where gRPC is served when the configuration does not mention it (contract of the ports). */
const unaskedGrpc = { enabled: true, host: '127.0.0.1', port: 9090, reflection: false };

/** What stands behind the doors that callers and proxies use. */
type Endpoints = Omit<AuthorizationServiceParts & IntrospectionServiceParts, 'clock'>;

/** What the application is given by the process. */
export interface ApplicationHost {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly audit: Audit;
  /** Name of this process, unique among all replicas. */
  readonly replica: string;
}

/** The whole service in one process. The management listener opens first and closes last: probes tell the truth meanwhile. */
export class Application {
  /** Hears how attempts to reload ended. */
  readonly reloads: ReloadObserver;
  private readonly lifecycle: Lifecycle;
  private readonly drain = new Drain();
  private built: Core | undefined;
  private readonly opened: HttpApplication[] = [];
  private publicListener: HttpApplication | undefined;
  private grpcListener: GrpcListener | undefined;
  private grpcHealth: GrpcHealth | undefined;
  private tls: TlsSettings | undefined;
  private overload: Overload | undefined;

  constructor(
    private readonly host: ApplicationHost,
    private readonly telemetry: Telemetry,
  ) {
    this.lifecycle = new Lifecycle(host.clock);
    this.reloads = new MeteredReloads(telemetry.metrics, host.clock);
  }

  /** Swaps the configuration in one tick. The first one also decides what is shared, and with whom. */
  apply(prepared: PreparedConfiguration, telemetry: TelemetrySection): void {
    const { metrics } = this.telemetry;
    this.built ??= new Core({ ...this.host, metrics }, shareState(prepared, { ...this.host, metrics }));
    this.built.apply(prepared);
    this.telemetry.configure(telemetry);
    this.tls = prepared.tls;
    if (!prepared.tls) return;
    if (this.publicListener) replaceCertificates(this.publicListener.getHttpServer(), prepared.tls);
    this.grpcListener?.replaceCertificates(prepared.tls);
  }

  /**
   * Resolves when all listeners are up. Never waits for an issuer, and for Redis only a moment. A configuration has been
   * applied before.
   * @returns base URL of the public listener
   * @throws {ListenerFailed}
   */
  async open(server: ServerSection): Promise<string> {
    const { clock, logger } = this.host;
    const { introspector, authenticator, authorizer, proxies, decisions, metadata, issuers, keys, admin } = this.core;
    const sources = { lifecycle: this.lifecycle, issuers, keys };
    const management = await createManagementApplication(sources, { admin, telemetry: this.telemetry }, logger);
    const managementPort = await this.listen(management, 'server.management', server.management);
    await this.core.start();

    const overload = new Overload(clock, new MeasuredLoopDelay(), server.limits.eventLoopDelay);
    const trusted = new TrustedProxies(server.trustedProxies);
    const observer = new RequestObserver({ clock, telemetry: this.telemetry, trusted });
    const behind = { introspector, authenticator, authorizer, proxies, decisions };
    const doors: Endpoints = { ...behind, trusted, overload, observer, logger };
    this.overload = overload;
    overload.start();
    const readiness = new Readiness(this.lifecycle, issuers, keys);
    const { callers, verifiedTokens } = this.core;
    observeService(this.telemetry.metrics, { readiness, issuers, callers, verifiedTokens, overload });

    const settings = { trustedProxies: server.trustedProxies, ...(this.tls && { tls: this.tls }) };
    this.publicListener = await createPublicApplication({ ...doors, metadata }, settings, {
      drain: this.drain,
      overload,
      observer,
    });
    const publicPort = await this.listen(this.publicListener, 'server.http', server.http);

    const grpcPort = await this.openGrpc(server.grpc, doors, readiness);
    this.lifecycle.serve();
    const publicUrl = urlOf(this.tls ? 'https' : 'http', server.http.host, publicPort);
    const managementUrl = urlOf('http', server.management.host, managementPort);
    const listeners = { public: publicUrl, management: managementUrl, grpc: grpcPort };
    logger.info({ ...listeners, issuers: issuers.all().length }, 'ready');
    return publicUrl;
  }

  /** Lets requests in flight finish, but cuts them when `timeoutMs` is nearly over. */
  async close(timeoutMs: number): Promise<void> {
    this.lifecycle.drain();
    this.drain.begin();
    const cut = this.host.clock.after(timeoutMs - CUT_MARGIN_MS, () => {
      this.grpcListener?.cut();
      for (const application of this.opened) application.getHttpServer().closeAllConnections();
    });
    await Promise.all([this.closeHttp(), this.closeGrpc()]);
    this.core.stop();
    this.overload?.stop();
    for (const application of this.opened) await application.close();
    await this.core.disconnect();
    await this.telemetry.stop();
    cut.cancel();
  }

  /**
   * A listener that nobody asked for must not keep the service from starting: without `server.grpc` a taken port is a warning.
   * @returns the port; `undefined` where gRPC is off
   */
  private async openGrpc(
    section: ServerSection['grpc'],
    doors: Endpoints,
    readiness: Readiness,
  ): Promise<number | undefined> {
    const { enabled, host, port, reflection } = section ?? unaskedGrpc;
    if (!enabled) return undefined;
    const { clock, logger } = this.host;
    const parts = { ...doors, clock };
    const services = [introspectionService(parts), authorizationService(parts)];
    const names = services.map(({ name }) => name);
    this.grpcHealth = new GrpcHealth(() => readiness.isReady, names, clock);
    const settings = { reflection, ...(this.tls && { tls: this.tls }) };
    this.grpcListener = await GrpcListener.prepare([...services, this.grpcHealth.service], settings);
    try {
      return await this.grpcListener.listen({ host, port });
    } catch (error) {
      if (section) throw new ListenerFailed('server.grpc', host, port, error as Error);
      logger.warn({ host, port }, 'gRPC is off: its default port is in use, and server.grpc is not configured');
      return undefined;
    }
  }

  private async closeHttp(): Promise<void> {
    if (!this.publicListener) return;
    await stopListening(this.publicListener.getHttpServer(), this.host.clock);
    await this.publicListener.close();
  }

  /** Whoever watches hears first that there is no more (RGRPCH-02). */
  private async closeGrpc(): Promise<void> {
    await this.grpcHealth?.drain();
    await this.grpcListener?.close(this.host.clock);
  }

  private get core(): Core {
    if (!this.built) throw new TypeError('no configuration has been applied');
    return this.built;
  }

  /** @returns the port: the system's choice where 0 was asked for */
  private async listen(
    application: HttpApplication,
    name: string,
    { host, port }: { readonly host: string; readonly port: number },
  ): Promise<number> {
    this.opened.push(application);
    await application.init();
    try {
      // Not through Nest, which would say in its own words, and first, what we say in one line.
      await application.getHttpAdapter().getInstance().listen({ host, port });
    } catch (error) {
      throw new ListenerFailed(name, host, port, error as Error);
    }
    return (application.getHttpServer().address() as AddressInfo).port;
  }
}
