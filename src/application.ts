import type { AddressInfo } from 'node:net';
import { createManagementApplication, createPublicApplication, type HttpApplication } from './app.module.js';
import type { ServerSection } from './config/server.config.js';
import { Core } from './core.js';
import { Lifecycle } from './health/lifecycle.js';
import { Drain } from './introspection/http/drain.js';
import { replaceCertificates } from './introspection/http/tls-settings.js';
import { ListenerFailed } from './listener-failed.js';
import type { PreparedConfiguration } from './prepare-configuration.js';
import type { Clock } from './shared/clock.js';
import type { Logger } from './telemetry/logger.js';
import { urlOf } from './url-of.js';

/** What an {@link Application} is made of. */
export interface ApplicationParts {
  readonly server: ServerSection;
  readonly prepared: PreparedConfiguration;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Connections are cut this long before the shutdown must be over, in milliseconds: closing what is left takes a moment. */
const CUT_MARGIN_MS = 500;

/** The whole service in one process. The management listener opens first and closes last: probes tell the truth meanwhile. */
export class Application {
  private readonly lifecycle: Lifecycle;
  private readonly drain = new Drain();
  private readonly core: Core;
  private readonly opened: HttpApplication[] = [];
  private publicListener: HttpApplication | undefined;

  private constructor(private readonly parts: ApplicationParts) {
    this.lifecycle = new Lifecycle(parts.clock);
    this.core = new Core(parts.prepared, parts.clock, parts.logger);
  }

  /**
   * Resolves when all listeners are up. Never waits for an issuer.
   * @throws {ListenerFailed}
   */
  static async start(parts: ApplicationParts): Promise<Application> {
    const application = new Application(parts);
    try {
      await application.open();
    } catch (error) {
      await application.stop(0);
      throw error;
    }
    return application;
  }

  /** Base URL of the public listener. */
  get publicUrl(): string {
    const { http, tls } = this.parts.server;
    return urlOf(tls ? 'https' : 'http', http.host, portOf(this.publicListener) ?? http.port);
  }

  /** Swaps the configuration in one tick. */
  apply(prepared: PreparedConfiguration): void {
    this.core.apply(prepared);
    if (prepared.tls && this.publicListener) replaceCertificates(this.publicListener.getHttpServer(), prepared.tls);
  }

  /** Lets requests in flight finish, but cuts them when `timeoutMs` is nearly over. */
  async stop(timeoutMs: number): Promise<void> {
    this.lifecycle.drain();
    this.drain.begin();
    const cut = this.parts.clock.after(timeoutMs - CUT_MARGIN_MS, () => {
      for (const application of this.opened) application.getHttpServer().closeAllConnections();
    });
    await this.publicListener?.close();
    this.core.stop();
    for (const application of this.opened) await application.close();
    cut.cancel();
  }

  private async open(): Promise<void> {
    const { server, prepared, logger } = this.parts;
    const { core, lifecycle } = this;
    const health = { lifecycle, issuers: core.issuers, keys: core.keys };
    const management = await createManagementApplication(health, logger);
    await this.listen(management, 'server.management', server.management);
    core.start();

    const { introspector, authenticator, metadata } = core;
    const settings = { trustedProxies: server.trustedProxies, ...(prepared.tls && { tls: prepared.tls }) };
    const parts = { introspector, authenticator, metadata, logger };
    this.publicListener = await createPublicApplication(parts, settings, this.drain);
    await this.listen(this.publicListener, 'server.http', server.http);

    lifecycle.serve();
    const managementUrl = urlOf('http', server.management.host, portOf(management) ?? server.management.port);
    const counts = { issuers: prepared.issuers.length, callers: prepared.callers.length };
    logger.info({ public: this.publicUrl, management: managementUrl, ...counts }, 'ready');
  }

  private async listen(
    application: HttpApplication,
    name: string,
    { host, port }: { readonly host: string; readonly port: number },
  ): Promise<void> {
    this.opened.push(application);
    try {
      await application.listen(port, host);
    } catch (error) {
      throw new ListenerFailed(name, host, port, error as Error);
    }
  }
}

/** The port that the system chose, or the one that was asked for. */
function portOf(application: HttpApplication | undefined): number | undefined {
  return (application?.getHttpServer().address() as AddressInfo | null | undefined)?.port;
}
