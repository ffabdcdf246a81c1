import { Module } from '@nestjs/common';
import { CallersModule } from '../callers/callers.module.js';
import { ClaimValidator } from '../claims/claim-validator.js';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { KeyManager } from '../keys/key-manager.js';
import { TracedKeyResolver } from '../keys/traced-key-resolver.js';
import { DenyList } from '../revocation/deny-list.js';
import { Revocations } from '../revocation/tokens/revocations.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { serverSection } from '../transport/server.section.js';
import { UnavailableBudget } from '../verification/unavailable-budget.js';
import { LogoutReceiver } from './logout/logout-receiver.js';
import { RefusalLog } from './refusal-log.js';
import { SignalOverview } from './signal-overview.js';
import { SignalStates } from './signal-states.js';
import { SignalVerifier } from './signal-verifier.js';
import { Signals } from './signals.js';
import { signalsSection } from './signals.section.js';

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
        return new SignalVerifier({ keys: new TracedKeyResolver(keys), claims, denials, outages, longestToken });
      },
    },
    {
      provide: SignalOverview,
      inject: [HOST, Signals, SignalStates],
      useFactory: ({ replica }: Host, signals: Signals, states: SignalStates): SignalOverview =>
        new SignalOverview({ signals, states, replica }),
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
  ],
  exports: [CallersModule, Signals, SignalStates, SignalOverview, SignalVerifier, RefusalLog, LogoutReceiver],
})
export class SignalsModule {}
