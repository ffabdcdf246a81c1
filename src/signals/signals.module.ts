/** Puts together what receives signals of providers: logout tokens, and streams of security events. */
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CallersModule } from '../callers/callers.module.js';
import { ClaimValidator } from '../claims/claim-validator.js';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { GuardedHttp } from '../keys/source/guarded-http.js';
import { KeyManager } from '../keys/key-manager.js';
import { TracedKeyResolver } from '../keys/traced-key-resolver.js';
import { SHARED_REDIS } from '../redis/redis.module.js';
import type { SharedRedis } from '../redis/redis-connections.js';
import { sealedStoreParts } from '../redis/sealed-store.js';
import { DenyList } from '../revocation/deny-list.js';
import type { EmailClaims } from '../revocation/tokens/revocation-check.js';
import { Revocations } from '../revocation/tokens/revocations.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { ClientRequests } from '../telemetry/client-requests.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { serverSection } from '../transport/server.section.js';
import { StatementVerifier } from '../verification/statement-verifier.js';
import { UnavailableBudget } from '../verification/unavailable-budget.js';
import { EventReceiver } from './events/event-receiver.js';
import { LogoutReceiver } from './logout/logout-receiver.js';
import { RefusalLog } from './refusal-log.js';
import { SignalOverview } from './signal-overview.js';
import type { Signal } from './signal.js';
import { SignalStates } from './signal-states.js';
import { SignalVerifier } from './signal-verifier.js';
import { Signals } from './signals.js';
import { signalsSection } from './signals.section.js';
import { RedisStreamStates } from './streams/redis-stream-states.js';
import { StreamKeepers } from './streams/stream-keepers.js';
import { MemoryStreamStates, StreamStates } from './streams/stream-states.js';
import { Streams } from './streams/streams.js';
import { TransmitterHttp } from './streams/transmitter-http.js';

/** What providers tell of sessions and subjects that have ended, and what follows from it. */
@Module({
  imports: [CallersModule],
  providers: [
    {
      provide: Signals,
      inject: [ActiveConfiguration],
      useFactory: (configuration: ActiveConfiguration): Signals => {
        const signals = new Signals();
        configuration.follow(signalsSection, (prepared) => {
          signals.replace(prepared);
        });
        return signals;
      },
    },
    {
      provide: SignalStates,
      inject: [HOST],
      useFactory: ({ clock, metrics }: Host): SignalStates => new SignalStates({ clock, metrics }),
    },
    { provide: RefusalLog, inject: [HOST], useFactory: (host: Host): RefusalLog => new RefusalLog(host) },
    {
      provide: SignalVerifier,
      inject: [KeyManager, ClaimValidator, DenyList, UnavailableBudget, ActiveConfiguration],
      useFactory: (
        keys: KeyManager,
        claims: ClaimValidator,
        denials: DenyList,
        outages: UnavailableBudget,
        configuration: ActiveConfiguration,
      ): SignalVerifier => {
        const { token: longestToken } = configuration.of(serverSection).limits;
        const parts = { keys: new TracedKeyResolver(keys), claims, denials, outages, longestToken };
        return new SignalVerifier(new StatementVerifier(parts));
      },
    },
    {
      provide: SignalOverview,
      inject: [HOST, Signals, SignalStates, Streams],
      useFactory: ({ replica }: Host, signals: Signals, states: SignalStates, streams: Streams): SignalOverview =>
        new SignalOverview({ signals, states, streams, replica }),
    },
    {
      provide: LogoutReceiver,
      inject: [HOST, Signals, IssuerRegistry, SignalVerifier, Revocations, SignalStates, RefusalLog],
      useFactory: (
        { clock }: Host,
        signals: Signals,
        issuers: IssuerRegistry,
        verifier: SignalVerifier,
        revocations: Revocations,
        states: SignalStates,
        refusals: RefusalLog,
      ): LogoutReceiver => new LogoutReceiver({ signals, issuers, verifier, revocations, states, refusals, clock }),
    },
    {
      provide: StreamStates,
      inject: [HOST, SHARED_REDIS],
      useFactory: (host: Host, redis: SharedRedis | undefined): StreamStates =>
        redis ? new RedisStreamStates(sealedStoreParts(redis, host)) : new MemoryStreamStates(host.clock),
    },
    { provide: Streams, inject: [HOST, StreamStates], useFactory: streamsOf },
    {
      provide: EventReceiver,
      inject: [HOST, IssuerRegistry, SignalVerifier, Revocations, Streams, SignalStates, RefusalLog],
      useFactory: (
        { clock, metrics }: Host,
        issuers: IssuerRegistry,
        verifier: SignalVerifier,
        revocations: Revocations,
        streams: Streams,
        states: SignalStates,
        refusals: RefusalLog,
      ): EventReceiver =>
        new EventReceiver({ clock, metrics, issuers, verifier, revocations, streams, states, refusals }),
    },
    {
      provide: StreamKeepers,
      inject: [HOST, IssuerRegistry, Streams, StreamStates, EventReceiver, Revocations, ActiveConfiguration],
      useFactory: (
        host: Host,
        issuers: IssuerRegistry,
        streams: Streams,
        states: StreamStates,
        receiver: EventReceiver,
        revocations: Revocations,
        configuration: ActiveConfiguration,
      ): StreamKeepers => {
        const http = new TransmitterHttp(new GuardedHttp(undefined, new ClientRequests(host)), host.clock);
        revocations.followStreams((issuerId) => streams.mayMissEvents(issuerId));
        const keepers = new StreamKeepers({ ...host, issuers, streams, states, receiver, http });
        configuration.follow(signalsSection, (prepared) => {
          keepers.replace(prepared);
          revocations.findEmailsIn(emailClaimsOf(prepared));
        });
        return keepers;
      },
    },
  ],
  exports: [
    CallersModule,
    Signals,
    SignalStates,
    SignalOverview,
    SignalVerifier,
    RefusalLog,
    LogoutReceiver,
    EventReceiver,
    Streams,
  ],
})
export class SignalsModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly keepers: StreamKeepers) {}

  onApplicationBootstrap(): void {
    this.keepers.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.keepers.stop();
  }
}

function streamsOf({ clock, logger, audit, metrics }: Host, states: StreamStates): Streams {
  const streams = new Streams({ clock, logger, audit, states });
  metrics.watch(['assay_signal_stream_up'], (observe) => {
    for (const { id, health } of streams.views()) {
      observe('assay_signal_stream_up', health === 'up' ? 1 : 0, { stream: id });
    }
  });
  return streams;
}

/** By the registrations whose streams name somebody by an address. */
function emailClaimsOf(signals: readonly Signal[]): EmailClaims {
  const claims = signals.flatMap(({ issuerId, stream }) =>
    stream?.emailClaim ? [[issuerId, stream.emailClaim] as const] : [],
  );
  const byIssuer = Map.groupBy(claims, ([issuerId]) => issuerId);
  return new Map([...byIssuer].map(([issuerId, those]) => [issuerId, those.map(([, claim]) => claim)]));
}
