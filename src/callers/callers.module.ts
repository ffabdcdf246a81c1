import { Module } from '@nestjs/common';
import { ClaimValidator } from '../claims/claim-validator.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { callersSection } from './registration/callers.section.js';
import { ConfiguredIssuers } from '../issuers/configured-issuers.js';
import { KeyManagers } from '../keys/key-managers.js';
import { SHARED_REDIS } from '../redis/redis.module.js';
import type { SharedRedis } from '../redis/shared-redis.js';
import { DenyList } from '../revocation/deny-list.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { SignatureChecks } from '../verification/signature-checks.js';
import { TokenVerifier } from '../verification/token-verifier.js';
import { VerificationModule } from '../verification/verification.module.js';
import { VerifiedTokenCache } from '../verification/verified-token-cache.js';
import { CallerAuthenticator } from './caller-authenticator.js';
import { composeRateLimits } from './limits/compose-rate-limits.js';
import { FailedAttempts } from './limits/failed-attempts.js';
import { RateLimits } from './limits/rate-limits.js';
import { MemoryAssertionReplay } from './methods/assertion/memory-assertion-replay.js';
import { PrivateKeyJwt } from './methods/assertion/private-key-jwt.js';
import { BearerToken } from './methods/bearer/bearer-token.js';
import { MutualTls } from './methods/certificate/mutual-tls.js';
import { ClientSecret } from './methods/secret/client-secret.js';
import { ProvenHeaders } from './methods/secret/proven-headers.js';
import { ProxyAuthenticator } from './proxy-authenticator.js';
import { CallerDirectory } from './registration/caller-directory.js';

/** Injection token of the verifier for assertions that callers sign themselves, with keys that meet no others. */
const ASSERTION_VERIFIER = Symbol('AssertionVerifier');

/** Injection token of the callers as issuers of their own assertions. */
const ASSERTION_ISSUERS = Symbol('AssertionIssuers');

/** Who may ask: authentication of callers and proxies, their rights and their limits. */
@Module({
  imports: [VerificationModule],
  providers: [
    { provide: ASSERTION_ISSUERS, useFactory: (): ConfiguredIssuers => new ConfiguredIssuers() },
    {
      provide: ASSERTION_VERIFIER,
      inject: [ASSERTION_ISSUERS, KeyManagers, ClaimValidator, DenyList, SignatureChecks],
      useFactory: (
        issuers: ConfiguredIssuers,
        managers: KeyManagers,
        claims: ClaimValidator,
        denials: DenyList,
        signatures: SignatureChecks,
      ): TokenVerifier => {
        // Not remembered: an assertion is used once.
        const nothing = new VerifiedTokenCache(0);
        return new TokenVerifier(issuers, managers.manage(issuers), claims, denials, nothing, signatures);
      },
    },
    {
      provide: CallerDirectory,
      inject: [HOST, ASSERTION_ISSUERS, ActiveConfiguration],
      useFactory: (
        { metrics }: Host,
        issuers: ConfiguredIssuers,
        configuration: ActiveConfiguration,
      ): CallerDirectory => {
        const directory = new CallerDirectory(issuers);
        configuration.follow(callersSection, (callers) => {
          directory.replace(callers);
        });
        metrics.watch(['assay_callers'], (observe) => {
          observe('assay_callers', directory.size, {});
        });
        return directory;
      },
    },
    {
      provide: RateLimits,
      inject: [HOST, ActiveConfiguration, SHARED_REDIS],
      useFactory: ({ clock }: Host, configuration: ActiveConfiguration, redis?: SharedRedis): RateLimits => {
        const limits = composeRateLimits(clock, redis?.connections.primary);
        configuration.follow(callersSection, (callers) => {
          limits.replace(callers);
        });
        return limits;
      },
    },
    {
      provide: MutualTls,
      inject: [CallerDirectory, HOST],
      useFactory: (directory: CallerDirectory, { clock }: Host): MutualTls => new MutualTls(directory, clock),
    },
    {
      provide: ProxyAuthenticator,
      inject: [CallerDirectory, MutualTls, RateLimits],
      useFactory: (directory: CallerDirectory, mutualTls: MutualTls, limits: RateLimits): ProxyAuthenticator =>
        new ProxyAuthenticator(directory, mutualTls, limits),
    },
    {
      provide: CallerAuthenticator,
      inject: [HOST, CallerDirectory, TokenVerifier, ASSERTION_VERIFIER, MutualTls, RateLimits],
      useFactory: composeAuthenticator,
    },
  ],
  exports: [VerificationModule, CallerDirectory, CallerAuthenticator, ProxyAuthenticator],
})
export class CallersModule {}

function composeAuthenticator(
  { clock }: Host,
  directory: CallerDirectory,
  tokens: TokenVerifier,
  assertions: TokenVerifier,
  mutualTls: MutualTls,
  limits: RateLimits,
): CallerAuthenticator {
  const methods = {
    clientSecret: new ClientSecret(directory, clock),
    privateKeyJwt: new PrivateKeyJwt(directory, assertions, new MemoryAssertionReplay(clock)),
    mutualTls,
    bearerToken: new BearerToken(directory, tokens),
  };
  const failedAttempts = new FailedAttempts(clock);
  return new CallerAuthenticator(directory, methods, failedAttempts, limits, new ProvenHeaders(directory, clock));
}
