/** Puts introspection together: the use case, what records its verdicts, and its gRPC service. */
import { Module, type OnModuleDestroy } from '@nestjs/common';
import { callersSection } from '../callers/registration/callers.section.js';
import { CallersModule } from '../callers/callers.module.js';
import { ProofChecker } from '../proofs/proof-checker.js';
import { ProofsModule } from '../proofs/proofs.module.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { HygieneModule } from '../hygiene/hygiene.module.js';
import { UseCounter } from '../hygiene/use-counter.js';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { DecisionEvents } from '../revocation/events/decision-events.js';
import { Revocations } from '../revocation/tokens/revocations.js';
import type { JsonObject } from '../shared/json-value.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { LivenessCheck } from '../upstream/liveness-check.js';
import { OpaqueVerifier } from '../upstream/opaque-verifier.js';
import { UpstreamModule } from '../upstream/upstream.module.js';
import { TokenVerifier } from '../verification/token-verifier.js';
import { Drain } from '../transport/http/drain.js';
import { RequestObserver } from '../transport/request-observer.js';
import { Overload } from '../transport/overload.js';
import { serverSection } from '../transport/server.section.js';
import { TransportModule } from '../transport/transport.module.js';
import { TrustedProxies } from '../transport/trusted-proxies.js';
import type { GrpcService } from '../transport/grpc/grpc-service.js';
import { CallerAuthenticator } from '../callers/caller-authenticator.js';
import { EventReader } from './events/event-reader.js';
import { OpenPolls } from './events/open-polls.js';
import { introspectionService } from './introspection-service.js';
import { Introspector } from './introspector.js';
import { ProofIntrospector } from './proof-introspector.js';
import { TokenRevoker } from './revoke/token-revoker.js';
import { AnswerSigner } from './signed/answer-signer.js';
import { KeyPublication } from '../signing/key-publication.js';
import { warnOfHaste } from './signed/warn-of-haste.js';
import { ServerMetadata, type ServerMetadataTerms } from './server-metadata.js';
import { VerdictRecorder } from './verdicts/verdict-recorder.js';

/** Injection token of `assay.v1.Introspection`. */
export const INTROSPECTION_SERVICE = Symbol('IntrospectionService');

/** The use case of RFC 7662, and where every verdict is recorded. */
@Module({
  imports: [CallersModule, UpstreamModule, TransportModule, ProofsModule, HygieneModule],
  providers: [
    {
      provide: Introspector,
      inject: [TokenVerifier, OpaqueVerifier, LivenessCheck],
      useFactory: (verifier: TokenVerifier, opaque: OpaqueVerifier, liveness: LivenessCheck): Introspector =>
        new Introspector(verifier, { opaque, liveness }),
    },
    {
      provide: ProofIntrospector,
      inject: [Introspector, ProofChecker],
      useFactory: (introspector: Introspector, proofs: ProofChecker): ProofIntrospector =>
        new ProofIntrospector(introspector, proofs),
    },
    {
      provide: TokenRevoker,
      inject: [Introspector, Revocations, IssuerRegistry],
      useFactory: (introspector: Introspector, revocations: Revocations, issuers: IssuerRegistry): TokenRevoker =>
        new TokenRevoker({ introspector, revocations, issuers }),
    },
    {
      provide: EventReader,
      inject: [HOST, DecisionEvents, IssuerRegistry, Drain],
      useFactory: (
        { clock, metrics }: Host,
        events: DecisionEvents,
        issuers: IssuerRegistry,
        drain: Drain,
      ): EventReader => {
        const polls = new OpenPolls<JsonObject>(clock);
        drain.onBegin(() => {
          polls.end();
        });
        metrics.watch(['assay_event_polls'], (observe) => {
          observe('assay_event_polls', polls.size, {});
        });
        return new EventReader({ events, issuers, polls, clock });
      },
    },
    {
      provide: VerdictRecorder,
      inject: [HOST, IssuerRegistry, UseCounter],
      useFactory: (host: Host, issuers: IssuerRegistry, uses: UseCounter): VerdictRecorder =>
        new VerdictRecorder(host, issuers, uses),
    },
    {
      provide: AnswerSigner,
      inject: [HOST, ActiveConfiguration],
      useFactory: ({ clock, logger }: Host, configuration: ActiveConfiguration): AnswerSigner => {
        const signer = new AnswerSigner(clock);
        const publication = new KeyPublication();
        configuration.follow(serverSection, ({ issuer, signing: keys }) => {
          signer.replace({ issuer, keys });
          for (const hasty of publication.change(keys, clock.monoMs())) warnOfHaste(hasty, logger);
        });
        return signer;
      },
    },
    {
      provide: ServerMetadata,
      inject: [ActiveConfiguration],
      useFactory: (configuration: ActiveConfiguration): ServerMetadata => {
        const terms = (): ServerMetadataTerms => ({
          identifier: configuration.of(serverSection).issuer,
          signingAlgorithms: [...(configuration.of(serverSection).signing?.signing.keys() ?? [])],
          ...configuration.of(callersSection).advertised,
        });
        const metadata = new ServerMetadata(terms());
        configuration.follow(callersSection, () => {
          metadata.replace(terms());
        });
        return metadata;
      },
    },
    {
      provide: INTROSPECTION_SERVICE,
      inject: [HOST, Introspector, CallerAuthenticator, VerdictRecorder, Overload, RequestObserver, TrustedProxies],
      useFactory: (
        host: Host,
        introspector: Introspector,
        authenticator: CallerAuthenticator,
        decisions: VerdictRecorder,
        overload: Overload,
        observer: RequestObserver,
        trusted: TrustedProxies,
      ): GrpcService => {
        const parts = { introspector, authenticator, decisions, overload, observer, trusted };
        return introspectionService({ ...host, ...parts });
      },
    },
  ],
  exports: [
    CallersModule,
    TransportModule,
    HygieneModule,
    Introspector,
    ProofIntrospector,
    TokenRevoker,
    EventReader,
    VerdictRecorder,
    AnswerSigner,
    ServerMetadata,
    INTROSPECTION_SERVICE,
  ],
})
export class IntrospectionModule implements OnModuleDestroy {
  constructor(private readonly verdicts: VerdictRecorder) {}

  /** Writes what was only counted so far: no verdict follows. */
  onModuleDestroy(): void {
    this.verdicts.stop();
  }
}
