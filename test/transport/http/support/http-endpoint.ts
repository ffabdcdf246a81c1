import type { ModuleMetadata } from '@nestjs/common';
import type { AddressInfo } from 'node:net';
import type { HttpApplication } from '../../../../src/app/http-application.js';
import { createPublicApplication, type PublicSettings } from '../../../../src/app/public.app.js';
import { Drain } from '../../../../src/transport/http/drain.js';
import { TrustedProxies } from '../../../../src/transport/trusted-proxies.js';
import type { Introspector } from '../../../../src/introspection/introspector.js';
import { TokenRevoker } from '../../../../src/introspection/revoke/token-revoker.js';
import { ConfiguredIssuers } from '../../../../src/issuers/configured-issuers.js';
import { EventReader } from '../../../../src/introspection/events/event-reader.js';
import { OpenPolls } from '../../../../src/introspection/events/open-polls.js';
import { OwnDecisionEvents } from '../../../../src/revocation/events/decision-events.js';
import { KnownRevocations } from '../../../../src/revocation/tokens/known-revocations.js';
import { Revocations } from '../../../../src/revocation/tokens/revocations.js';
import { UnsharedRevocations } from '../../../../src/revocation/tokens/shared-revocations.js';
import { RecordingAudit } from '../../../fakes/recording-audit.js';
import { ServerMetadata } from '../../../../src/introspection/server-metadata.js';
import { IDENTIFIER, Reception, type ReceptionOptions } from '../../../endpoints/reception.js';
import type { FakeClock } from '../../../fakes/fake-clock.js';
import type { VectorContext } from '../../../vectors/vector.js';
import type { HeldKeys } from '../../../vectors/world.js';

/** What a test may set up otherwise. */
export interface EndpointOptions extends ReceptionOptions, ListenerOptions {}

/** What a test may set up otherwise about the listener. */
export interface ListenerOptions extends Partial<PublicSettings> {
  /** Modules beside those of the service. */
  readonly further?: ModuleMetadata['imports'];
}

/** The public listener on a real socket, over the world of the vectors. Its clock stands still; the sockets do not. */
export class HttpEndpoint {
  private constructor(
    private readonly app: HttpApplication,
    private readonly reception: Reception,
    readonly drain: Drain,
  ) {}

  static async open({
    keys,
    introspector,
    callers,
    signing,
    ...listener
  }: EndpointOptions = {}): Promise<HttpEndpoint> {
    const reception = await Reception.open({
      ...(keys && { keys }),
      ...(introspector && { introspector }),
      ...(callers && { callers }),
      ...(signing && { signing }),
    });
    return HttpEndpoint.before(reception, listener);
  }

  /** The same in front of a core that other endpoints have, too. */
  static async before(reception: Reception, { further, ...listener }: ListenerOptions = {}): Promise<HttpEndpoint> {
    const drain = new Drain();
    const {
      introspector,
      withProofs,
      authenticator,
      authorizer,
      proxies,
      documents,
      signer,
      decisions,
      overload,
      logger,
    } = reception;
    const { trustedProxies = [] } = listener;
    const settings = { ...listener, trustedProxies };
    const trusted = new TrustedProxies(trustedProxies);
    const parts = {
      introspector,
      withProofs,
      revoker: revokerOver(introspector, reception.clock),
      events: eventsOver(reception.clock),
      authenticator,
      authorizer,
      proxies,
      documents,
      decisions,
      signer,
      trusted,
      logger,
      metadata: new ServerMetadata({
        identifier: IDENTIFIER,
        methods: ['client_secret_basic', 'private_key_jwt'],
        signingAlgorithms: reception.signingAlgorithms,
        assertionAlgorithms: ['ES256'],
      }),
    };
    const state = { drain, overload, observer: reception.observer(trusted) };
    const app = await createPublicApplication(parts, settings, state, further);
    await app.nest.init();
    await app.adapter.open({ host: '127.0.0.1', port: 0 });
    return new HttpEndpoint(app, reception, drain);
  }

  get clock(): FakeClock {
    return this.reception.clock;
  }

  get keys(): HeldKeys {
    return this.reception.keys;
  }

  get context(): VectorContext {
    return this.reception.context;
  }

  get introspected(): number {
    return this.reception.introspected;
  }

  set introspected(count: number) {
    this.reception.introspected = count;
  }

  get logLines(): readonly string[] {
    return this.reception.logLines;
  }

  get log(): string {
    return this.reception.log;
  }

  get server() {
    return this.app.nest.getHttpServer();
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await this.app.nest.close();
  }
}

/** What is revoked here has no effect on the verifier behind: these tests are about requests. */
function revokerOver(introspector: Introspector, clock: FakeClock): TokenRevoker {
  const known = new KnownRevocations();
  const shared = new UnsharedRevocations({ known, clock });
  const revocations = new Revocations({
    known,
    shared,
    registrations: () => new Set(),
    clock,
    audit: new RecordingAudit(),
  });
  return new TokenRevoker({ introspector, revocations, issuers: new ConfiguredIssuers() });
}

function eventsOver(clock: FakeClock): EventReader {
  const issuers = new ConfiguredIssuers();
  return new EventReader({ events: new OwnDecisionEvents(clock), issuers, polls: new OpenPolls(clock), clock });
}
