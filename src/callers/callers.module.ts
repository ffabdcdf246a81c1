/** Puts together who may ask: the methods of authentication, the registered callers and their limits. */
import { Module } from '@nestjs/common';
import { ClaimValidator } from '../claims/claim-validator.js';
import { ConfiguredIssuers } from '../issuers/configured-issuers.js';
import { KeyManagers } from '../keys/key-managers.js';
import { SHARED_REDIS } from '../redis/redis.module.js';
import type { SharedRedis } from '../redis/redis-connections.js';
import { DenyList } from '../revocation/deny-list.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { serverSection } from '../transport/server.section.js';
import { SignatureChecks } from '../verification/signature-checks.js';
import { TokenVerifier } from '../verification/token-verifier.js';
import { UnavailableBudget } from '../verification/unavailable-budget.js';
import { VerificationModule } from '../verification/verification.module.js';
import { VerifiedTokenCache } from '../verification/verified-token-cache.js';
import { CallerAuthenticator } from './caller-authenticator.js';
import { Callers } from './callers.js';
import type { MethodTools } from './methods/caller-method.js';
import { ProxyAuthenticator } from './proxy-authenticator.js';
import { CallerDirectory } from './registration/caller-directory.js';
import { callersSection } from './registration/callers.section.js';

/** Injection token of the callers as issuers of their own assertions, with keys that meet no others. */
const ASSERTIONS = Symbol('Assertions');

/** Who may ask: authentication of callers and proxies, their rights and their limits. */
@Module({
  imports: [VerificationModule],
  providers: [
    {
      provide: ASSERTIONS,
      inject: [KeyManagers, ClaimValidator, DenyList, SignatureChecks, UnavailableBudget, ActiveConfiguration],
      useFactory: (
        managers: KeyManagers,
        claims: ClaimValidator,
        denials: DenyList,
        signatures: SignatureChecks,
        outages: UnavailableBudget,
        configuration: ActiveConfiguration,
      ): MethodTools['assertions'] => {
        const issuers = new ConfiguredIssuers();
        // Not remembered: an assertion is used once.
        const nothing = new VerifiedTokenCache(0);
        const keys = managers.manage(issuers);
        const { token: longest } = configuration.of(serverSection).limits;
        const verifier = new TokenVerifier(issuers, keys, claims, denials, nothing, signatures, outages, longest);
        return { issuers, verifier };
      },
    },
    {
      provide: Callers,
      inject: [HOST, ActiveConfiguration, TokenVerifier, ASSERTIONS, SHARED_REDIS],
      useFactory: (
        { clock, metrics }: Host,
        configuration: ActiveConfiguration,
        tokens: TokenVerifier,
        assertions: MethodTools['assertions'],
        redis?: SharedRedis,
      ): Callers => {
        const shared = redis && { link: redis.connections.primary, names: redis.names };
        const callers = new Callers({ clock, tokens, assertions, redis: shared });
        configuration.follow(callersSection, ({ registered }) => {
          callers.replace(registered);
        });
        metrics.watch(['assay_callers'], (observe) => {
          observe('assay_callers', callers.directory.size, {});
        });
        return callers;
      },
    },
    { provide: CallerDirectory, inject: [Callers], useFactory: ({ directory }: Callers) => directory },
    { provide: CallerAuthenticator, inject: [Callers], useFactory: ({ authenticator }: Callers) => authenticator },
    { provide: ProxyAuthenticator, inject: [Callers], useFactory: ({ proxies }: Callers) => proxies },
  ],
  exports: [VerificationModule, CallerDirectory, CallerAuthenticator, ProxyAuthenticator],
})
export class CallersModule {}
