/** Opens and closes all listeners, so that their order is written in one place. */
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { AddressInfo } from 'node:net';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { serverSection, urlOf } from '../transport/server.section.js';
import { Lifecycle } from '../health/lifecycle.js';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { Timer } from '../shared/clock.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { Drain } from '../transport/http/drain.js';
import { replaceCertificates, type TlsSettings } from '../transport/tls-settings.js';
import { GrpcEndpoints } from './grpc-endpoints.js';
import type { HttpApplication } from './http-application.js';
import { ListenerFailed } from './listener-failed.js';
import { managementApplication } from './management.app.js';
import { publicApplication } from './public.app.js';

/** Connections are cut this long before the shutdown must be over, in milliseconds: closing what is left takes a moment. */
const CUT_MARGIN_MS = 500;

/** Where a listener is opened. */
interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * The listeners, in the order in which they open and close. Nest calls the hooks of the root module last at the start and
 * first at the end, so the modules of the core start after the management listener and before those for callers, and stop
 * the other way round:
 *
 * | start                                   | stop                                      |
 * |-----------------------------------------|-------------------------------------------|
 * | management opens: probes get the truth  | readiness is 503; public and gRPC finish  |
 * | the core starts (Redis, keys, denials)  | the core stops                            |
 * | public and gRPC open; ready             | management closes                         |
 * |                                         | goodbye to Redis and to the collector     |
 */
@Injectable()
export class Listeners implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private management: HttpApplication | undefined;
  private callers: HttpApplication | undefined;
  private readonly grpc: GrpcEndpoints;
  private cut: Timer | undefined;
  /** As it was at the start: a change of it needs another one. */
  private readonly shutdownTimeoutMs: number;

  constructor(
    @Inject(HOST) private readonly host: Host,
    private readonly configuration: ActiveConfiguration,
    private readonly lifecycle: Lifecycle,
    private readonly drain: Drain,
    private readonly core: ModuleRef,
  ) {
    this.shutdownTimeoutMs = configuration.of(serverSection).shutdownTimeout;
    this.grpc = new GrpcEndpoints(host, core);
  }

  /** @throws {ListenerFailed} */
  async onModuleInit(): Promise<void> {
    this.management = await managementApplication(this.core);
    await listen(this.management, 'server.management', this.server.management);
  }

  /** @throws {ListenerFailed} */
  async onApplicationBootstrap(): Promise<void> {
    this.callers = await publicApplication(this.core);
    await listen(this.callers, 'server.http', this.server.http);
    const grpc = await this.grpc.open(this.server.grpc, this.server.tls);
    this.configuration.follow(serverSection, ({ tls }) => {
      this.replaceCertificates(tls);
    });
    this.lifecycle.serve();
    const issuers = this.core.get(IssuerRegistry, { strict: false }).all().length;
    const listening = { public: this.publicUrl, management: this.managementUrl, grpc };
    this.host.logger.info({ ...listening, issuers }, 'ready');
  }

  /** Lets requests in flight finish, but cuts them when the time for the shutdown is nearly over. */
  async onModuleDestroy(): Promise<void> {
    this.lifecycle.drain();
    this.drain.begin();
    this.cut = this.host.clock.after(this.shutdownTimeoutMs - CUT_MARGIN_MS, () => {
      this.cutConnections();
    });
    await Promise.all([this.closePublic(), this.grpc.close()]);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.management?.nest.close();
    this.cut?.cancel();
  }

  /** Base URL of the listener for callers. */
  get publicUrl(): string {
    const scheme = this.server.tls ? 'https' : 'http';
    return urlOf(scheme, this.server.http.host, portOf(this.callers));
  }

  private get managementUrl(): string {
    return urlOf('http', this.server.management.host, portOf(this.management));
  }

  private get server() {
    return this.configuration.of(serverSection);
  }

  private replaceCertificates(tls: TlsSettings | undefined): void {
    if (!tls) return;
    if (this.callers) replaceCertificates(this.callers.nest.getHttpServer(), tls);
    this.grpc.replaceCertificates(tls);
  }

  private async closePublic(): Promise<void> {
    if (!this.callers) return;
    await this.callers.adapter.boundSockets.stop(this.host.clock);
    await this.callers.nest.close();
  }

  private cutConnections(): void {
    this.grpc.cut();
    this.callers?.nest.getHttpServer().closeAllConnections();
    this.management?.nest.getHttpServer().closeAllConnections();
  }
}

/** @throws {ListenerFailed} */
async function listen(application: HttpApplication, name: string, { host, port }: Address): Promise<void> {
  await application.nest.init();
  try {
    await application.adapter.open({ host, port });
  } catch (error) {
    throw new ListenerFailed(name, host, port, error as Error);
  }
}

/** The port of a listener that is open: the system's choice where 0 was asked for. */
function portOf(application: HttpApplication | undefined): number {
  return (application?.nest.getHttpServer().address() as AddressInfo | undefined)?.port ?? 0;
}
