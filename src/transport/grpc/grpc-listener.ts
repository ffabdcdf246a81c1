/** The listener for gRPC: its sockets, its TLS, and how it stops without refusing a call. */
import {
  logVerbosity,
  Server,
  ServerCredentials,
  setLogVerbosity,
  type ConnectionInjector,
  type MethodDefinition,
} from '@grpc/grpc-js';
import { createServer, type Socket } from 'node:net';
import type { Clock } from '../../shared/clock.js';
import type { Endpoint } from '../request-report.js';
import { ListeningSockets, type ListenerAddress } from '../listening-sockets.js';
import { type TlsSettings, certificateOptions, protocolOptions } from '../tls-settings.js';
import type { CallTerms } from './call-terms.js';
import { defaultGrpcLimits, serverOptions, type GrpcLimits } from './grpc-limits.js';
import type { GrpcService } from './grpc-service.js';
import { Peers } from './peers.js';
import type { EarlyEnd } from './early-end.js';
import { guardCalls } from './guard-calls.js';
import { MessageRoom } from './message-room.js';
import { readingAll } from './readable.js';
import { screenCalls } from './screen-calls.js';
import { SessionQueue } from './session-queue.js';
import { unaryMethod, type UnaryMethod } from './unary-method.js';

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
 * The listener behind `server.grpc`. It owns its sockets, and hands each connection to the library: so it knows why it cannot
 * listen, and how many are connected (docs/adr/0007-grpc-without-nest.md).
 */
export class GrpcListener {
  private readonly server: Server;
  private readonly sockets: ListeningSockets;
  private readonly peers: Peers;
  private readonly tls: GrpcTls | undefined;
  private readonly connections: ConnectionInjector;
  private readonly newcomers: SessionQueue<Socket>;

  private constructor(
    services: readonly GrpcService[],
    { tls, limits, clock, endedEarly = () => undefined }: GrpcListenerSettings,
  ) {
    const allLimits = { ...defaultGrpcLimits, ...limits };
    const terms = new Map<string, CallTerms>();
    const room = new MessageRoom(allLimits.unfinishedBytes);
    this.server = new Server({ ...serverOptions(allLimits), interceptors: [guardCalls({ terms, room, clock })] });
    const unary = new Map<string, UnaryMethod>();
    addServices(this.server, services, (service, definition) => {
      const { endpoint = 'other', messageBytes = allLimits.messageBytes } = service;
      const ofMethod: CallTerms = {
        messageBytes,
        endedEarly: (reason) => {
          endedEarly(endpoint, reason);
        },
      };
      terms.set(definition.path, ofMethod);
      const method = unaryMethod(definition, service, ofMethod);
      if (method) unary.set(definition.path, method);
    });
    this.tls = tls && new GrpcTls(tls);
    this.connections = this.server.createConnectionInjector(this.tls ?? ServerCredentials.createInsecure());
    screenCalls(this.server, { terms, unary, room, clock, endedEarly });
    this.peers = new Peers(this.server);
    this.newcomers = new SessionQueue((socket) => {
      this.connections.injectConnection(socket);
      socket.resume();
    }, clock);
    // What is not read yet waits in the system, and not in our memory.
    const accepting = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
      this.newcomers.add(socket);
    });
    this.sockets = new ListeningSockets(accepting, { most: allLimits.connections, pauseOnConnect: true });
  }

  /** Gets ready to {@link listen}. */
  static async prepare(services: readonly GrpcService[], settings: GrpcListenerSettings): Promise<GrpcListener> {
    // Loaded only here: few ask for it.
    const reflection = settings.reflection ? await import('./reflection.js') : undefined;
    const described = reflection ? new reflection.Reflection(services.map(({ name }) => name)).services : [];
    return new GrpcListener([...services, ...described], settings);
  }

  /**
   * @returns the port: the system's choice where 0 was asked for
   * @throws {Error} what the operating system said
   */
  listen(address: ListenerAddress): Promise<number> {
    return this.sockets.open(address);
  }

  /** From the next handshake on, where this listener speaks TLS at all. */
  replaceCertificates(tls: TlsSettings): void {
    this.tls?.replace(tls);
  }

  /** Accepts nothing new, and says so to everybody (GOAWAY). Resolves when the last call has finished. */
  async close(clock: Clock): Promise<void> {
    for (const socket of this.sockets.all) socket.close();
    this.newcomers.flush();
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
  added: (service: GrpcService, definition: MethodDefinition<object, object>) => void,
): void {
  for (const service of services) {
    const definition = readingAll(service.proto.service(service.name));
    server.addService(definition, service.methods);
    for (const method of Object.values(definition)) added(service, method as MethodDefinition<object, object>);
  }
}
