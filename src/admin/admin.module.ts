/** Puts together what operators can see and do: states of issuers and replicas, denials, revocations, other regions and explanations. */
import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CallersModule } from '../callers/callers.module.js';
import { FailedAttempts } from '../callers/limits/failed-attempts.js';
import { composeWeakSecrets } from '../callers/limits/weak-secrets.js';
import { CallerDirectory } from '../callers/registration/caller-directory.js';
import { IntrospectionModule } from '../introspection/introspection.module.js';
import { Introspector } from '../introspection/introspector.js';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { KeyManager } from '../keys/key-manager.js';
import { KeyManagers } from '../keys/key-managers.js';
import { SHARED_REDIS } from '../redis/redis.module.js';
import type { SharedRedis } from '../redis/redis-connections.js';
import { DenyList } from '../revocation/deny-list.js';
import { KnownRevocations } from '../revocation/tokens/known-revocations.js';
import { Revocations } from '../revocation/tokens/revocations.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { TokenVerifier } from '../verification/token-verifier.js';
import type { Host } from '../telemetry/host.js';
import { UpstreamModule } from '../upstream/upstream.module.js';
import { Upstreams } from '../upstream/upstreams.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { AdminUses } from '../hygiene/admin-uses.js';
import { CallerActivity } from '../hygiene/caller-activity.js';
import { UseWatch } from '../hygiene/use-watch.js';
import { AdminAuthenticator } from './admin-authenticator.js';
import { AdminTokens } from './admin-tokens.js';
import { adminSection } from './admin.section.js';
import { CallersOverview } from './callers-overview.js';
import { ConsoleSessions } from './console/console-sessions.js';
import { FleetEventsModule } from './events/fleet-events.module.js';
import { Explainer } from './explain/explainer.js';
import { Fleet } from './fleet.js';
import { FleetOverview } from './fleet-overview.js';
import { fleetSection } from './fleet.section.js';
import { IssuerAdministration } from './issuer-administration.js';
import { IssuerOverview } from './issuer-overview.js';
import { IssuedAdmins } from './issued-admins.js';
import { MemoryReplicaStates } from './memory-replica-states.js';
import { accountOf } from './own-account.js';
import { RevocationAdministration } from './revocation-administration.js';
import { ReachWatch } from './reach-watch.js';
import { RedisReplicaStates } from './redis-replica-states.js';
import { composeRegions } from './regions/compose-regions.js';
import { RegionActions } from './regions/region-actions.js';
import { RegionClient } from './regions/region-client.js';
import { Regions } from './regions/regions.js';
import { RegionsOverview } from './regions/regions-overview.js';
import { ReplicaStates } from './replica-states.js';

/** What operators see and do: the states of issuers at every replica, refresh, denial of keys, and verdicts step by step. */
@Module({
  imports: [CallersModule, FleetEventsModule, IntrospectionModule, UpstreamModule],
  providers: [
    {
      provide: AdminAuthenticator,
      inject: [HOST, ActiveConfiguration, TokenVerifier, AdminUses, SHARED_REDIS],
      useFactory: (
        { clock, audit }: Host,
        configuration: ActiveConfiguration,
        verifier: TokenVerifier,
        uses: AdminUses,
        redis: SharedRedis | undefined,
      ): AdminAuthenticator => {
        const tokens = new AdminTokens();
        const issued = new IssuedAdmins(verifier, clock, audit);
        const sessions = new ConsoleSessions(tokens, issued, clock);
        configuration.follow(adminSection, (prepared) => {
          sessions.isOn = prepared.hasConsole;
          tokens.replace(prepared.tokens);
          issued.replace(prepared.rights);
          uses.replace(
            [...(prepared.tokens ?? []), ...prepared.rights].map(({ admin }) => admin.id),
            prepared.rights.map(({ issuer }) => issuer),
          );
        });
        const weakSecrets = composeWeakSecrets(
          'admin',
          clock,
          redis && { link: redis.connections.primary, names: redis.names },
        );
        return new AdminAuthenticator(tokens, issued, new FailedAttempts(clock), weakSecrets, audit, sessions, uses);
      },
    },
    {
      provide: ReplicaStates,
      inject: [HOST, SHARED_REDIS],
      useFactory: ({ clock }: Host, redis: SharedRedis | undefined): ReplicaStates =>
        redis ? new RedisReplicaStates(redis.connections.primary, redis.names) : new MemoryReplicaStates(clock),
    },
    {
      provide: Fleet,
      inject: [HOST, ReplicaStates, KeyManagers, DenyList, Revocations, SHARED_REDIS, ActiveConfiguration],
      useFactory: (
        host: Host,
        states: ReplicaStates,
        managers: KeyManagers,
        denials: DenyList,
        revocations: Revocations,
        redis: SharedRedis | undefined,
        configuration: ActiveConfiguration,
      ): Fleet => {
        const region = redis?.region ?? '';
        const account = accountOf(host, configuration, redis, managers);
        const fleet = new Fleet({ states, managed: managers.all(), denials, revocations, region, account, host });
        configuration.follow(fleetSection, ({ forgetAfter }) => {
          fleet.forgetAfterMs = forgetAfter;
        });
        return fleet;
      },
    },
    {
      provide: ReachWatch,
      inject: [HOST, Fleet, DenyList, SHARED_REDIS],
      useFactory: (host: Host, fleet: Fleet, denials: DenyList, redis: SharedRedis | undefined): ReachWatch =>
        new ReachWatch({ fleet, denials, region: redis?.region ?? '', host }),
    },
    {
      provide: IssuerAdministration,
      inject: [HOST, KeyManagers, DenyList, Fleet, ReachWatch],
      useFactory: (
        host: Host,
        managers: KeyManagers,
        denials: DenyList,
        fleet: Fleet,
        reach: ReachWatch,
      ): IssuerAdministration => new IssuerAdministration(managers.all(), denials, fleet, reach, host),
    },
    {
      provide: RevocationAdministration,
      inject: [HOST, IssuerRegistry, Revocations, KnownRevocations, Fleet],
      useFactory: (
        { clock }: Host,
        issuers: IssuerRegistry,
        revocations: Revocations,
        known: KnownRevocations,
        fleet: Fleet,
      ): RevocationAdministration => new RevocationAdministration({ issuers, revocations, known, fleet, clock }),
    },
    {
      provide: FleetOverview,
      inject: [HOST, Fleet, IssuerRegistry, DenyList],
      useFactory: (host: Host, fleet: Fleet, issuers: IssuerRegistry, denials: DenyList): FleetOverview =>
        new FleetOverview({ fleet, issuers, denials, host }),
    },
    {
      provide: Regions,
      inject: [HOST, FleetOverview, IssuerRegistry, DenyList, SHARED_REDIS, ActiveConfiguration],
      useFactory: (
        host: Host,
        overview: FleetOverview,
        issuers: IssuerRegistry,
        denials: DenyList,
        redis: SharedRedis | undefined,
        configuration: ActiveConfiguration,
      ): Regions => composeRegions({ overview, issuers, denials, region: redis?.region ?? '' }, host, configuration),
    },
    {
      provide: RegionsOverview,
      inject: [HOST, Regions],
      useFactory: ({ clock }: Host, regions: Regions): RegionsOverview => new RegionsOverview(regions, clock),
    },
    {
      provide: RegionActions,
      inject: [HOST, IssuerAdministration, RevocationAdministration, Regions],
      useFactory: (
        { clock, audit }: Host,
        issuers: IssuerAdministration,
        revocations: RevocationAdministration,
        regions: Regions,
      ): RegionActions => new RegionActions({ issuers, revocations, regions, client: new RegionClient(clock), audit }),
    },
    {
      provide: CallersOverview,
      inject: [CallerDirectory, UseWatch, CallerActivity, Fleet],
      useFactory: (
        callers: CallerDirectory,
        watch: UseWatch,
        activity: CallerActivity,
        fleet: Fleet,
      ): CallersOverview => new CallersOverview({ callers, watch, activity, fleet }),
    },
    {
      provide: IssuerOverview,
      inject: [HOST, IssuerRegistry, KeyManager, Upstreams, IssuerAdministration, DenyList, Fleet, RegionsOverview],
      useFactory: (
        host: Host,
        issuers: IssuerRegistry,
        keys: KeyManager,
        upstreams: Upstreams,
        administration: IssuerAdministration,
        denials: DenyList,
        fleet: Fleet,
        regions: RegionsOverview,
      ): IssuerOverview =>
        new IssuerOverview({ issuers, keys, upstreams }, administration, denials, fleet, host, regions),
    },
    {
      provide: Explainer,
      inject: [HOST, Introspector, CallerDirectory, IssuerRegistry, KeyManager, DenyList],
      useFactory: (
        host: Host,
        introspector: Introspector,
        callers: CallerDirectory,
        issuers: IssuerRegistry,
        keys: KeyManager,
        denials: DenyList,
      ): Explainer => {
        const freshnessOf = keys.freshnessOf.bind(keys);
        return new Explainer({ introspector, callers, issuers, freshnessOf, denials }, host);
      },
    },
  ],
  exports: [
    AdminAuthenticator,
    Fleet,
    IssuerAdministration,
    RevocationAdministration,
    FleetOverview,
    RegionsOverview,
    RegionActions,
    CallersOverview,
    IssuerOverview,
    Explainer,
  ],
})
export class AdminModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly fleet: Fleet,
    private readonly reach: ReachWatch,
    private readonly regions: Regions,
  ) {}

  /** Begins to report the states of the keys here to other replicas, and to ask other regions for theirs. */
  onApplicationBootstrap(): void {
    this.fleet.start();
    this.reach.start();
    this.regions.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.regions.stop();
    this.reach.stop();
    await this.fleet.stop();
  }
}
