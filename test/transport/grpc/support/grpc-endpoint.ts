import { authorizationService } from '../../../../src/gateway/authorization-service.js';
import { GrpcListener, type GrpcListenerSettings } from '../../../../src/transport/grpc/grpc-listener.js';
import { TrustedProxies } from '../../../../src/transport/trusted-proxies.js';
import { introspectionService } from '../../../../src/introspection/introspection-service.js';
import { SystemClock } from '../../../../src/shared/clock.js';
import { GrpcHealth } from '../../../../src/health/grpc-health.js';
import { Reception, type ReceptionOptions } from '../../../endpoints/reception.js';

/** What a test may set up otherwise. */
export interface GrpcEndpointSettings extends GrpcListenerSettings {
  /** CIDR blocks or addresses; default: none. */
  readonly trustedProxies?: readonly string[];
}

/** The same, and what stands behind the endpoint. */
export interface GrpcEndpointOptions extends ReceptionOptions, GrpcEndpointSettings {}

/** The gRPC listener on a real socket, over the world of the vectors. Tokens are judged by a clock that stands still. */
export class GrpcEndpoint {
  /** What `/readyz` would say. */
  isReady = true;

  private constructor(
    readonly reception: Reception,
    readonly listener: GrpcListener,
    readonly health: GrpcHealth,
    readonly port: number,
  ) {}

  static async open({ keys, introspector, ...listener }: GrpcEndpointOptions = {}): Promise<GrpcEndpoint> {
    const reception = await Reception.open({ ...(keys && { keys }), ...(introspector && { introspector }) });
    return GrpcEndpoint.before(reception, listener);
  }

  /** The same in front of a core that other endpoints have, too. */
  static async before(reception: Reception, settings: GrpcEndpointSettings = {}): Promise<GrpcEndpoint> {
    const { introspector, authenticator, authorizer, proxies, decisions, overload, logger } = reception;
    // Deadlines are told by the real time.
    const trusted = new TrustedProxies(settings.trustedProxies ?? []);
    const tools = { decisions, overload, logger, clock: new SystemClock(), observer: reception.observer(trusted) };
    const service = introspectionService({ introspector, authenticator, trusted, ...tools });
    const forProxies = authorizationService({ authorizer, proxies, trusted, ...tools });
    let endpoint: GrpcEndpoint | undefined = undefined;
    const health = new GrpcHealth(() => endpoint?.isReady ?? false, [service.name], reception.clock);
    const listener = await GrpcListener.prepare([service, forProxies, health.service], settings);
    endpoint = new GrpcEndpoint(reception, listener, health, await listener.listen({ host: '127.0.0.1', port: 0 }));
    return endpoint;
  }

  async close(): Promise<void> {
    this.listener.cut();
    await this.listener.close(new SystemClock());
  }
}
