import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import { BearerToken } from '../../../src/callers/bearer-token.js';
import { CallerAuthenticator } from '../../../src/callers/caller-authenticator.js';
import { CallerDirectory } from '../../../src/callers/caller-directory.js';
import type { CallerSection } from '../../../src/callers/callers.config.js';
import { ClientSecret } from '../../../src/callers/client-secret.js';
import { FailedAttempts } from '../../../src/callers/failed-attempts.js';
import { MemoryAssertionReplay } from '../../../src/callers/memory-assertion-replay.js';
import { MutualTls } from '../../../src/callers/mutual-tls.js';
import { prepareCallers } from '../../../src/callers/prepare-callers.js';
import { PrivateKeyJwt } from '../../../src/callers/private-key-jwt.js';
import { Drain } from '../../../src/introspection/http/drain.js';
import {
  httpListenerOptions,
  prepareHttpListener,
  type HttpListenerSettings,
} from '../../../src/introspection/http/http-listener.js';
import { IntrospectionModule } from '../../../src/introspection/introspection.module.js';
import { Introspector } from '../../../src/introspection/introspector.js';
import { ServerMetadata } from '../../../src/introspection/server-metadata.js';
import { ConfiguredIssuers } from '../../../src/issuers/configured-issuers.js';
import type { KeyResolver } from '../../../src/keys/key-resolver.js';
import { NestLogger } from '../../../src/telemetry/nest-logger.js';
import { PinoLogger } from '../../../src/telemetry/pino-logger.js';
import { TokenVerifier } from '../../../src/verification/token-verifier.js';
import { FakeClock } from '../../fakes/fake-clock.js';
import { contextOf } from '../../vectors/all-cases.js';
import type { VectorContext } from '../../vectors/vector.js';
import { AUDIENCE, HeldKeys, ListedIssuers, makeWorld, type World } from '../../vectors/world.js';

/** This service's own identifier. */
export const IDENTIFIER = 'https://assay.example.com';

/** The secret of every caller that is not registered otherwise. */
export const SECRET = 'orders-secret-Yb7QxT2mVn5RkW9c';

const common = { proxy: false };

const callers: readonly CallerSection[] = [
  { id: 'orders', ...common, secrets: [{ value: SECRET }], issuers: 'any', audiences: 'any', claims: 'any' },
  { id: 'narrow', ...common, secrets: [{ value: SECRET }], issuers: ['main'], audiences: [AUDIENCE], claims: ['sub'] },
  { id: 'elsewhere', ...common, secrets: [{ value: SECRET }], issuers: ['twins'], audiences: 'any', claims: 'any' },
  {
    id: 'deaf',
    ...common,
    secrets: [{ value: SECRET }],
    issuers: 'any',
    audiences: ['https://other.example'],
    claims: 'any',
  },
  { id: 'idle', ...common, secrets: [{ value: SECRET }], issuers: [], audiences: [], claims: [] },
  {
    ...common,
    id: 'mesh',
    certificate: { sanUri: 'spiffe://corp.example/orders' },
    issuers: 'any',
    audiences: 'any',
    claims: 'any',
  },
  {
    ...common,
    id: 'workload',
    token: { issuer: 'main', subject: 'workload', audience: IDENTIFIER },
    issuers: 'any',
    audiences: 'any',
    claims: 'any',
  },
];

/** Its keys take a second to make, and nobody changes them. */
let sharedWorld: Promise<World> | undefined;

/** What a test may set up otherwise. */
export interface DoorOptions extends Partial<HttpListenerSettings> {
  /** Wraps the keys that the verifier gets. */
  readonly keys?: (held: HeldKeys) => KeyResolver;
  /** Puts something else in the place of the use case. */
  readonly introspector?: Introspector;
}

/** The public listener on a real socket, over the world of the vectors. Its clock stands still; the sockets do not. */
export class Door {
  readonly logLines: string[] = [];
  readonly drain = new Drain();
  /** Tokens that got as far as the use case. */
  introspected = 0;

  private constructor(
    readonly clock: FakeClock,
    readonly keys: HeldKeys,
    readonly context: VectorContext,
    private app?: NestFastifyApplication,
  ) {}

  static async open({ keys: wrapKeys, introspector, ...listener }: DoorOptions = {}): Promise<Door> {
    const world = await (sharedWorld ??= makeWorld());
    const clock = new FakeClock();
    const keys = await HeldKeys.of(world);
    const door = new Door(clock, keys, contextOf(world, clock.wallMs() / 1000));
    const verifier = new TokenVerifier(ListedIssuers.of(world), wrapKeys?.(keys) ?? keys, clock);
    const logger = new PinoLogger({ level: 'debug', destination: { write: (line) => door.logLines.push(line) } });
    const adapter = new FastifyAdapter(httpListenerOptions({ trustedProxies: [], ...listener }));
    prepareHttpListener(adapter.getInstance(), door.drain);
    const module = IntrospectionModule.withParts({
      introspector: door.counting(introspector ?? new Introspector(verifier)),
      authenticator: authenticatorOver(verifier, keys, clock),
      metadata: new ServerMetadata({
        identifier: IDENTIFIER,
        methods: ['client_secret_basic', 'private_key_jwt'],
        assertionAlgorithms: ['ES256'],
      }),
      logger,
    });
    const options = { bodyParser: false, logger: new NestLogger(logger), abortOnError: false };
    door.app = await NestFactory.create<NestFastifyApplication>(module, adapter, options);
    await door.app.listen(0, '127.0.0.1');
    return door;
  }

  get server() {
    return this.app!.getHttpServer();
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Log lines in words, for searching. */
  get log(): string {
    return this.logLines.join('');
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await this.app?.close();
  }

  private counting(introspector: Introspector): Introspector {
    const original = introspector.introspect.bind(introspector);
    introspector.introspect = (token, caller) => {
      this.introspected++;
      return original(token, caller);
    };
    return introspector;
  }
}

function authenticatorOver(verifier: TokenVerifier, keys: KeyResolver, clock: FakeClock): CallerAuthenticator {
  const assertionIssuers = new ConfiguredIssuers();
  const directory = new CallerDirectory(assertionIssuers);
  const issuerIds = new Set(['main', 'twins']);
  const context = { identifier: IDENTIFIER, issuerIds, warn: () => undefined };
  const refuse = (problem: unknown) => {
    throw new Error(JSON.stringify(problem));
  };
  directory.replace(prepareCallers(callers, 'callers', refuse, context));
  const ofAssertions = new TokenVerifier(assertionIssuers, keys, clock);
  const methods = {
    clientSecret: new ClientSecret(directory, clock),
    privateKeyJwt: new PrivateKeyJwt(directory, ofAssertions, new MemoryAssertionReplay(clock)),
    mutualTls: new MutualTls(directory, clock),
    bearerToken: new BearerToken(directory, verifier),
  };
  return new CallerAuthenticator(directory, methods, new FailedAttempts(clock));
}
