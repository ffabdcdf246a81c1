import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { ClaimValidator } from '../claims/claim-validator.js';
import { issuersSection } from '../issuers/issuers.section.js';
import { KeyManager } from '../keys/key-manager.js';
import { GuardedHttp } from '../keys/source/guarded-http.js';
import { TracedKeyResolver } from '../keys/traced-key-resolver.js';
import { DenyList } from '../revocation/deny-list.js';
import { Revocations } from '../revocation/tokens/revocations.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { ClientRequests } from '../telemetry/client-requests.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { serverSection } from '../transport/server.section.js';
import { StatementVerifier } from '../verification/statement-verifier.js';
import { UnavailableBudget } from '../verification/unavailable-budget.js';
import { VerificationModule } from '../verification/verification.module.js';
import { rememberedKinds } from './answer-memory.js';
import { LivenessCheck } from './liveness-check.js';
import { OpaqueVerifier } from './opaque-verifier.js';
import { SignedAnswers } from './signed-answers.js';
import { LARGEST_ANSWER_BYTES } from './upstream-http.js';
import { UpstreamReporter } from './upstream-reporter.js';
import { Upstreams } from './upstreams.js';

/** Asks issuers about tokens that they judge (RFC 7662, TokenReview of Kubernetes). It follows the configuration. */
@Module({
  imports: [VerificationModule],
  providers: [
    {
      provide: UpstreamReporter,
      inject: [HOST],
      useFactory: (host: Host): UpstreamReporter => new UpstreamReporter(host),
    },
    {
      provide: SignedAnswers,
      inject: [KeyManager, ClaimValidator, DenyList, UnavailableBudget],
      useFactory: (
        keys: KeyManager,
        claims: ClaimValidator,
        denials: DenyList,
        outages: UnavailableBudget,
      ): SignedAnswers => {
        const parts = { keys: new TracedKeyResolver(keys), claims, denials, outages };
        return new SignedAnswers(new StatementVerifier({ ...parts, longestToken: LARGEST_ANSWER_BYTES }));
      },
    },
    {
      provide: Upstreams,
      inject: [HOST, ActiveConfiguration, UpstreamReporter, SignedAnswers],
      useFactory: (
        { clock, metrics }: Host,
        configuration: ActiveConfiguration,
        reporter: UpstreamReporter,
        signedAnswers: SignedAnswers,
      ): Upstreams => {
        const requests = new ClientRequests({ clock, metrics });
        const http = new GuardedHttp(undefined, requests);
        const upstreams = new Upstreams({ clock, http, requests, reporter, signedAnswers });
        configuration.follow(issuersSection, (issuers) => {
          upstreams.replace(issuers);
        });
        metrics.watch(['assay_upstream_breaker_open', 'assay_upstream_answers_remembered'], (observe) => {
          for (const { id, isGivenUp } of upstreams.states())
            observe('assay_upstream_breaker_open', Number(isGivenUp), { issuer: id });
          for (const answer of rememberedKinds)
            observe('assay_upstream_answers_remembered', upstreams.remembered[answer], { answer });
        });
        return upstreams;
      },
    },
    {
      provide: OpaqueVerifier,
      inject: [HOST, ActiveConfiguration, Upstreams, ClaimValidator, Revocations],
      useFactory: (
        { clock }: Host,
        configuration: ActiveConfiguration,
        upstreams: Upstreams,
        claims: ClaimValidator,
        revocations: Revocations,
      ): OpaqueVerifier => {
        const { token: longestToken } = configuration.of(serverSection).limits;
        const verifier = new OpaqueVerifier({ clock, upstreams, claims, revocations, longestToken });
        configuration.follow(issuersSection, (issuers) => {
          verifier.replace(issuers);
        });
        return verifier;
      },
    },
    {
      provide: LivenessCheck,
      inject: [Upstreams, UpstreamReporter],
      useFactory: (upstreams: Upstreams, reporter: UpstreamReporter): LivenessCheck =>
        new LivenessCheck({ upstreams, reporter }),
    },
  ],
  exports: [VerificationModule, Upstreams, OpaqueVerifier, LivenessCheck],
})
export class UpstreamModule implements OnApplicationShutdown {
  constructor(private readonly upstreams: Upstreams) {}

  onApplicationShutdown(): void {
    this.upstreams.close();
  }
}
