/** Puts together the endpoints for proxies. */
import { Module } from '@nestjs/common';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { serverSection } from '../transport/server.section.js';
import { ProxyAuthenticator } from '../callers/proxy-authenticator.js';
import { CallerDirectory } from '../callers/registration/caller-directory.js';
import { callersSection } from '../callers/registration/callers.section.js';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { ProofChecker } from '../proofs/proof-checker.js';
import { ProofsModule } from '../proofs/proofs.module.js';
import { IntrospectionModule } from '../introspection/introspection.module.js';
import { Introspector } from '../introspection/introspector.js';
import { AnswerSigner } from '../introspection/signed/answer-signer.js';
import { VerdictRecorder } from '../introspection/verdicts/verdict-recorder.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import type { GrpcService } from '../transport/grpc/grpc-service.js';
import { Overload } from '../transport/overload.js';
import { RequestObserver } from '../transport/request-observer.js';
import { TrustedProxies } from '../transport/trusted-proxies.js';
import { answersSection } from './answers.section.js';
import { authorizationService } from './authorization-service.js';
import { Authorizer } from './authorizer.js';
import { ResourceDocuments } from './resource-documents.js';

/** Injection token of `envoy.service.auth.v3.Authorization`. */
export const AUTHORIZATION_SERVICE = Symbol('AuthorizationService');

/** Whether a proxy may let a request pass. */
@Module({
  imports: [IntrospectionModule, ProofsModule],
  providers: [
    {
      provide: Authorizer,
      inject: [HOST, Introspector, ProofChecker, ActiveConfiguration, AnswerSigner],
      useFactory: (
        { clock }: Host,
        introspector: Introspector,
        proofs: ProofChecker,
        configuration: ActiveConfiguration,
        signer: AnswerSigner,
      ): Authorizer => {
        const age = () => ({ nowMs: clock.wallMs(), maxAgeMs: configuration.of(answersSection).maxAge });
        return new Authorizer(introspector, proofs, age, signer);
      },
    },
    {
      provide: ResourceDocuments,
      inject: [CallerDirectory, IssuerRegistry, ActiveConfiguration],
      useFactory: (
        callers: CallerDirectory,
        issuers: IssuerRegistry,
        configuration: ActiveConfiguration,
      ): ResourceDocuments => {
        const documents = new ResourceDocuments({ callers, issuers });
        const forget = (): void => {
          documents.forget();
        };
        configuration.follow(callersSection, forget);
        issuers.onChange(forget);
        return documents;
      },
    },
    {
      provide: AUTHORIZATION_SERVICE,
      inject: [
        HOST,
        Authorizer,
        ProxyAuthenticator,
        VerdictRecorder,
        TrustedProxies,
        Overload,
        RequestObserver,
        ActiveConfiguration,
      ],
      useFactory: (
        host: Host,
        authorizer: Authorizer,
        proxies: ProxyAuthenticator,
        decisions: VerdictRecorder,
        trusted: TrustedProxies,
        overload: Overload,
        observer: RequestObserver,
        configuration: ActiveConfiguration,
      ): GrpcService => {
        const { extAuthz: messageBytes } = configuration.of(serverSection).limits;
        const parts = { ...host, authorizer, proxies, decisions, trusted, overload, observer, messageBytes };
        return authorizationService(parts);
      },
    },
  ],
  exports: [IntrospectionModule, Authorizer, ResourceDocuments, AUTHORIZATION_SERVICE],
})
export class GatewayModule {}
