import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { ClaimValidator } from '../claims/claim-validator.js';
import { issuersSection } from '../issuers/issuers.section.js';
import { GuardedHttp } from '../keys/source/guarded-http.js';
import { Revocations } from '../revocation/tokens/revocations.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { VerificationModule } from '../verification/verification.module.js';
import { OpaqueVerifier } from './opaque-verifier.js';
import { UpstreamReporter } from './upstream-reporter.js';

/** Judges tokens that only their issuer can read, by asking it (RFC 7662). It follows the configuration. */
@Module({
  imports: [VerificationModule],
  providers: [
    {
      provide: OpaqueVerifier,
      inject: [HOST, ActiveConfiguration, ClaimValidator, Revocations],
      useFactory: (
        host: Host,
        configuration: ActiveConfiguration,
        claims: ClaimValidator,
        revocations: Revocations,
      ): OpaqueVerifier => {
        const { clock, metrics } = host;
        const reporter = new UpstreamReporter(host);
        const verifier = new OpaqueVerifier({ clock, http: new GuardedHttp(), reporter, claims, revocations });
        configuration.follow(issuersSection, (issuers) => {
          verifier.replace(issuers);
        });
        metrics.watch(['assay_upstream_breaker_open', 'assay_upstream_answers_remembered'], (observe) => {
          for (const { id, isGivenUp } of verifier.states)
            observe('assay_upstream_breaker_open', Number(isGivenUp), { issuer: id });
          observe('assay_upstream_answers_remembered', verifier.remembered.entries, {});
        });
        return verifier;
      },
    },
  ],
  exports: [VerificationModule, OpaqueVerifier],
})
export class UpstreamModule implements OnApplicationShutdown {
  constructor(private readonly verifier: OpaqueVerifier) {}

  onApplicationShutdown(): void {
    this.verifier.close();
  }
}
