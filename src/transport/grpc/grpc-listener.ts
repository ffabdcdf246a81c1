import {
  logVerbosity,
  Server,
  ServerCredentials,
  setLogVerbosity,
  type ConnectionInjector,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { ReflectionService } from '@grpc/reflection';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server as NetServer } from 'node:net';
import type { Clock } from '../../shared/clock.js';
import type { Endpoint } from '../request-report.js';
import { type TlsSettings, certificateOptions, protocolOptions } from '../tls-settings.js';
import { defaultGrpcLimits, serverOptions, type GrpcLimits } from './grpc-limits.js';
import type { Proto } from './load-proto.js';
import { Peers } from './peers.js';
import type { EarlyEnd } from './early-end.js';
import { guardCalls, type CallTerms } from './guard-calls.js';
import { MessageRoom } from './message-room.js';
import { readingAll } from './readable.js';
import { screenCalls } from './screen-calls.js';

/** TLS of the gRPC listener, as strict as that of the HTTP listener, with certificates that can be replaced. */
class GrpcTls extends ServerCredentials {
  constructor(tls: TlsSettings) {
    super(protocolOptions(tls, 'h2'), certificateOptions(tls));
  }

  /** From the next handshake on the listener uses `tls`. Whether client certificates are asked for stays as it was. */
  replace(tls: TlsSettings): void {
    this.updateSecureContextOptions(certificateOptions(tls));
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

// It would write to standard error what a peer sent and it could not read, credentials included.
setLogVerbosity(logVerbosity.NONE);

/** One service behind the listener. */
export interface GrpcService {
  /** Full name, such as `assay.v1.Introspection`. */
  readonly name: string;
  readonly proto: Proto;
  /** By method name. */
  readonly methods: UntypedServiceImplementation;
  /** What its calls are counted as; left out: `other`. */
  readonly endpoint?: Endpoint;
  /** Longest message, in bytes; left out: that of the listener. */
  readonly messageBytes?: number;
  /** The answer to send, with OK, where a call would end with an error. */
  readonly insteadOfError?: (reason: EarlyEnd | 'failed') => object;
}

/** How the gRPC listener is set up. */
export interface GrpcListenerSettings {
  readonly tls?: TlsSettings;
  /** Tell clients which services there are, and what they look like. */
  readonly reflection?: boolean;
  readonly limits?: Partial<GrpcLimits>;
  readonly clock: Clock;
  /** Hears of every call that ended before a service had it. */
  readonly endedEarly?: (endpoint: Endpoint, reason: EarlyEnd) => void;
}

/**
 * The listener behind `server.grpc`. It owns its socket, and hands each connection to the library: so it knows why it cannot
 * listen, and how many are connected (docs/adr/0007-grpc-without-nest.md).
 */
export class GrpcListener {
  private readonly server: Server;
  private readonly sockets: NetServer;
  private readonly peers: Peers;
  private readonly tls: GrpcTls | undefined;
  private readonly connections: ConnectionInjector;

  private constructor(
    services: readonly GrpcService[],
    { tls, limits, clock, endedEarly = () => undefined }: GrpcListenerSettings,
    reflection: typeof ReflectionService | undefined,
  ) {
    const allLimits = { ...defaultGrpcLimits, ...limits };
    const terms = new Map<string, CallTerms>();
    const room = new MessageRoom(allLimits.unfinishedBytes);
    this.server = new Server({ ...serverOptions(allLimits), interceptors: [guardCalls({ terms, room, clock })] });
    addServices(this.server, services, reflection, (path, { endpoint = 'other', messageBytes, insteadOfError }) => {
      terms.set(path, {
        messageBytes: messageBytes ?? allLimits.messageBytes,
        ...(insteadOfError && { insteadOfError }),
        endedEarly: (reason) => {
          endedEarly(endpoint, reason);
        },
      });
    });
    this.tls = tls && new GrpcTls(tls);
    this.connections = this.server.createConnectionInjector(this.tls ?? ServerCredentials.createInsecure());
    screenCalls(this.server, terms, endedEarly);
    this.peers = new Peers(this.server);
    this.sockets = createServer({ noDelay: true }, (socket) => {
      this.connections.injectConnection(socket);
    });
    this.sockets.maxConnections = allLimits.connections;
  }

  /** Gets ready to {@link listen}. */
  static async prepare(services: readonly GrpcService[], settings: GrpcListenerSettings): Promise<GrpcListener> {
    // Loaded only here: few ask for it.
    const reflection = settings.reflection ? await import('@grpc/reflection') : undefined;
    return new GrpcListener(services, settings, reflection?.ReflectionService);
  }

  /**
   * @returns the port: the system's choice where 0 was asked for
   * @throws {Error} what the operating system said
   */
  async listen(address: { readonly host: string; readonly port: number }): Promise<number> {
    this.sockets.listen(address);
    await once(this.sockets, 'listening');
    return (this.sockets.address() as AddressInfo).port;
  }

  /** From the next handshake on, where this listener speaks TLS at all. */
  replaceCertificates(tls: TlsSettings): void {
    this.tls?.replace(tls);
  }

  /** Accepts nothing new, and says so to everybody (GOAWAY). Resolves when the last call has finished. */
  async close(clock: Clock): Promise<void> {
    this.sockets.close();
    await this.peers.part(clock);
    await new Promise<void>((resolve) => {
      this.server.tryShutdown(() => {
        resolve();
      });
    });
  }

  /** Ends every connection, whatever it is doing. */
  cut(): void {
    this.connections.drain(0);
  }
}

/** @param added hears of each method and its service */
function addServices(
  server: Server,
  services: readonly GrpcService[],
  reflection: typeof ReflectionService | undefined,
  added: (path: string, service: Partial<GrpcService>) => void,
): void {
  const add = (definition: ServiceDefinition, methods: UntypedServiceImplementation, service = {}): void => {
    server.addService(readingAll(definition), methods);
    for (const { path } of Object.values(definition)) added(path, service);
  };
  for (const service of services) add(service.proto.service(service.name), service.methods, service);
  if (reflection) {
    const definitions = Object.fromEntries(services.flatMap(({ proto }) => Object.entries(proto.definitions)));
    const names = services.map(({ name }) => name);
    new reflection(definitions, { services: names }).addToServer({ addService: add });
  }
}
