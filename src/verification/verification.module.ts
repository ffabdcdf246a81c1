import { Module } from '@nestjs/common';
import { ClaimValidator } from '../claims/claim-validator.js';
import { ClaimsModule } from '../claims/claims.module.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { cacheSection } from './cache.section.js';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { KeyManager } from '../keys/key-manager.js';
import { TracedKeyResolver } from '../keys/traced-key-resolver.js';
import { DenyList } from '../revocation/deny-list.js';
import { Revocations } from '../revocation/tokens/revocations.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { serverSection } from '../transport/server.section.js';
import { observeCache, VerifiedTokenCache } from './verified-token-cache.js';
import { SignatureChecks } from './signature-checks.js';
import { TokenVerifier } from './token-verifier.js';
import { UnavailableBudget } from './unavailable-budget.js';

/** Decides whether a token is good. */
@Module({
  imports: [RevocationModule, ClaimsModule],
  providers: [
    SignatureChecks,
    {
      provide: VerifiedTokenCache,
      inject: [HOST, ActiveConfiguration],
      useFactory: ({ metrics }: Host, configuration: ActiveConfiguration): VerifiedTokenCache => {
        const cache = new VerifiedTokenCache(0);
        configuration.follow(cacheSection, ({ verifiedTokens }) => {
          cache.limit(verifiedTokens);
        });
        observeCache(metrics, cache);
        return cache;
      },
    },
    {
      provide: UnavailableBudget,
      inject: [HOST],
      useFactory: ({ clock, metrics }: Host): UnavailableBudget =>
        new UnavailableBudget({
          clock,
          report: (caller, issuer, outcome) => {
            metrics.count('assay_key_undetermined_total', { caller, issuer, outcome });
          },
        }),
    },
    {
      provide: TokenVerifier,
      inject: [
        IssuerRegistry,
        KeyManager,
        ClaimValidator,
        DenyList,
        VerifiedTokenCache,
        SignatureChecks,
        UnavailableBudget,
        ActiveConfiguration,
        Revocations,
      ],
      useFactory: (
        issuers: IssuerRegistry,
        keys: KeyManager,
        claims: ClaimValidator,
        denials: DenyList,
        remembered: VerifiedTokenCache,
        signatures: SignatureChecks,
        outages: UnavailableBudget,
        configuration: ActiveConfiguration,
        revocations: Revocations,
      ): TokenVerifier => {
        const traced = new TracedKeyResolver(keys);
        const { token: longest } = configuration.of(serverSection).limits;
        return new TokenVerifier(
          issuers,
          traced,
          claims,
          denials,
          remembered,
          signatures,
          outages,
          longest,
          revocations,
        );
      },
    },
  ],
  exports: [RevocationModule, ClaimsModule, SignatureChecks, VerifiedTokenCache, UnavailableBudget, TokenVerifier],
})
export class VerificationModule {}
