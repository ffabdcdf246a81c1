import { authorizationService } from '../../../../src/gateway/authorization-service.js';
import { GrpcListener, type GrpcListenerSettings } from '../../../../src/transport/grpc/grpc-listener.js';
import { TrustedProxies } from '../../../../src/transport/trusted-proxies.js';
import { introspectionService } from '../../../../src/introspection/introspection-service.js';
import { SystemClock, type Clock } from '../../../../src/shared/clock.js';
import { GrpcHealth } from '../../../../src/health/grpc-health.js';
import { Reception, type ReceptionOptions } from '../../../endpoints/reception.js';

/** What a test may set up otherwise. */
export interface GrpcEndpointSettings extends Omit<GrpcListenerSettings, 'clock' | 'endedEarly'> {
  /** Longest question of Envoy, in bytes. */
  readonly extAuthz?: number;
  /** CIDR blocks or addresses; default: none. */
  readonly trustedProxies?: readonly string[];
  /** Of the listener; default: the real one. */
  readonly clock?: Clock;
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
    /** Each call that ended before a service had it: `endpoint reason`. */
    readonly endedEarly: string[],
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
    const forProxies = authorizationService({
      authorizer,
      proxies,
      trusted,
      messageBytes: settings.extAuthz ?? 1024 ** 2,
      ...tools,
    });
    let endpoint: GrpcEndpoint | undefined = undefined;
    const health = new GrpcHealth(() => endpoint?.isReady ?? false, [service.name], reception.clock);
    const endedEarly: string[] = [];
    const listener = await GrpcListener.prepare([service, forProxies, health.service], {
      ...settings,
      clock: settings.clock ?? tools.clock,
      endedEarly: (from, reason) => endedEarly.push(`${from} ${reason}`),
    });
    const port = await listener.listen({ host: '127.0.0.1', port: 0 });
    endpoint = new GrpcEndpoint(reception, listener, health, port, endedEarly);
    return endpoint;
  }

  async close(): Promise<void> {
    this.listener.cut();
    await this.listener.close(new SystemClock());
  }
}
