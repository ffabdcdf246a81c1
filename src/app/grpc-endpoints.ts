import type { ModuleRef } from '@nestjs/core';
import { AUTHORIZATION_SERVICE } from '../gateway/gateway.module.js';
import { GrpcHealth } from '../health/grpc-health.js';
import { Readiness } from '../health/readiness.js';
import { INTROSPECTION_SERVICE } from '../introspection/introspection.module.js';
import type { Host } from '../telemetry/host.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { sizesFor } from '../shared/token-sizes.js';
import type { EarlyEnd } from '../transport/grpc/early-end.js';
import { GrpcListener } from '../transport/grpc/grpc-listener.js';
import type { GrpcService } from '../transport/grpc/grpc-service.js';
import type { GrpcSection } from '../transport/server.config.js';
import type { Endpoint } from '../transport/request-report.js';
import { serverSection } from '../transport/server.section.js';
import type { TlsSettings } from '../transport/tls-settings.js';
import { ListenerFailed } from './listener-failed.js';

/** Where gRPC is served when the configuration does not mention it (contract of the ports). */
const unasked = { enabled: true, host: '127.0.0.1', port: 9090, reflection: false };

/** What gRPC serves: introspection, Envoy's `ext_authz` and health, behind one listener. */
export class GrpcEndpoints {
  private listener: GrpcListener | undefined;
  private health: GrpcHealth | undefined;

  constructor(
    private readonly host: Pick<Host, 'clock' | 'logger' | 'metrics'>,
    private readonly core: ModuleRef,
  ) {}

  /**
   * A listener that was not asked for must not keep the service from starting: without `server.grpc` a taken port is a warning.
   * @returns the port; `undefined` where gRPC is off
   * @throws {ListenerFailed}
   */
  async open(section: GrpcSection | undefined, tls: TlsSettings | undefined): Promise<number | undefined> {
    const { enabled, host, port, reflection } = section ?? unasked;
    if (!enabled) return undefined;
    const services = [INTROSPECTION_SERVICE, AUTHORIZATION_SERVICE].map((token) =>
      this.core.get<GrpcService>(token, { strict: false }),
    );
    const readiness = this.core.get(Readiness, { strict: false });
    const names = services.map(({ name }) => name);
    this.health = new GrpcHealth(() => readiness.isReady, names, this.host.clock);
    const { clock, metrics } = this.host;
    const endedEarly = (endpoint: Endpoint, reason: EarlyEnd): void => {
      metrics.count('assay_grpc_ended_early_total', { door: endpoint, reason });
    };
    const { token } = this.core
      .get<ActiveConfiguration>(ActiveConfiguration, { strict: false })
      .of(serverSection).limits;
    const limits = { messageBytes: sizesFor(token).bodyBytes };
    const settings = { reflection, clock, endedEarly, limits, ...(tls && { tls }) };
    this.listener = await GrpcListener.prepare([...services, this.health.service], settings);
    try {
      return await this.listener.listen({ host, port });
    } catch (error) {
      if (section) throw new ListenerFailed('server.grpc', host, port, error as Error);
      this.host.logger.warn(
        { host, port },
        'gRPC is off: its default port is in use, and server.grpc is not configured',
      );
      return undefined;
    }
  }

  /** From the next handshake on. */
  replaceCertificates(tls: TlsSettings): void {
    this.listener?.replaceCertificates(tls);
  }

  /** Calls in flight finish. Those who watch the health are first sent that there is no more. */
  async close(): Promise<void> {
    await this.health?.drain();
    await this.listener?.close(this.host.clock);
  }

  /** Ends every connection, whatever it is doing. */
  cut(): void {
    this.listener?.cut();
  }
}
