import { AdminDesk } from '../admin/admin-desk.js';
import type { IssuerSide } from '../admin/issuer-side.js';
import { MemoryReplicaStates } from '../admin/memory-replica-states.js';
import { RedisReplicaStates } from '../admin/redis-replica-states.js';
import { BearerToken } from '../callers/methods/bearer/bearer-token.js';
import { CallerAuthenticator } from '../callers/caller-authenticator.js';
import { CallerDirectory } from '../callers/registration/caller-directory.js';
import { ClientSecret } from '../callers/methods/secret/client-secret.js';
import { composeRateLimits } from '../callers/limits/compose-rate-limits.js';
import { FailedAttempts } from '../callers/limits/failed-attempts.js';
import { MemoryAssertionReplay } from '../callers/methods/assertion/memory-assertion-replay.js';
import { MutualTls } from '../callers/methods/certificate/mutual-tls.js';
import { PrivateKeyJwt } from '../callers/methods/assertion/private-key-jwt.js';
import { ProvenHeaders } from '../callers/methods/secret/proven-headers.js';
import { ProxyAuthenticator } from '../callers/proxy-authenticator.js';
import type { RateLimits } from '../callers/limits/rate-limits.js';
import { Authorizer } from '../gateway/authorizer.js';
import { VerdictRecorder } from '../introspection/verdicts/verdict-recorder.js';
import { Introspector } from '../introspection/introspector.js';
import { ServerMetadata } from '../introspection/server-metadata.js';
import { ConfiguredIssuers } from '../issuers/configured-issuers.js';
import type { Issuer } from '../issuers/issuer.js';
import { AuditedKeyEvents } from '../keys/events/audited-key-events.js';
import { AutonomousKeyStore } from '../keys/fleet/autonomous-key-store.js';
import { observeSharing } from '../keys/fleet/observe-sharing.js';
import { MeteredKeyEvents } from '../keys/events/metered-key-events.js';
import { observeKeys } from '../keys/events/key-state-metrics.js';
import { TracedKeyResolver } from '../keys/traced-key-resolver.js';
import { composeKeyStore, type SharedState } from '../keys/store/compose-key-store.js';
import { composeKeys } from '../keys/compose-keys.js';
import type { KeyEvents } from '../keys/events/key-events.js';
import type { KeyManager } from '../keys/key-manager.js';
import { LoggedKeyEvents } from '../keys/events/logged-key-events.js';
import type { PreparedConfiguration } from './prepare-configuration.js';
import type { DeniedKeys } from '../revocation/denied-keys.js';
import { DenyList } from '../revocation/deny-list.js';
import { MemoryDeniedKeys } from '../revocation/memory-denied-keys.js';
import { RedisDeniedKeys } from '../revocation/redis-denied-keys.js';
import type { Clock } from '../shared/clock.js';
import type { Audit } from '../telemetry/audit.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics/metrics.js';
import { SignatureChecks } from '../verification/signature-checks.js';
import { TokenVerifier } from '../verification/token-verifier.js';
import { VerifiedTokenCache } from '../verification/verified-token-cache.js';

/** What the core is given by the process. */
export interface CoreTools {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly audit: Audit;
  readonly metrics: Metrics;
  /** Name of this process, unique among all replicas. */
  readonly replica: string;
}

/** Everything that judges, at first knowing nobody: built once, handed to both applications by value (docs/adr/0001-two-nest-applications.md). */
export class Core {
  readonly issuers = new ConfiguredIssuers();
  readonly keys: KeyManager;
  readonly introspector: Introspector;
  readonly decisions: VerdictRecorder;
  readonly authenticator: CallerAuthenticator;
  readonly authorizer: Authorizer;
  readonly proxies: ProxyAuthenticator;
  readonly metadata = new ServerMetadata({ identifier: '', methods: [], assertionAlgorithms: [] });
  readonly admin: AdminDesk;
  readonly verifiedTokens = new VerifiedTokenCache(0);
  private readonly denials: DenyList;
  private readonly assertionIssuers = new ConfiguredIssuers();
  private readonly assertionKeys: KeyManager;
  private readonly rateLimits: RateLimits;
  readonly callers = new CallerDirectory(this.assertionIssuers);

  /** @param shared what other replicas have a part in; absent: one process, in memory */
  constructor(
    { clock, logger, audit, metrics, replica }: CoreTools,
    private readonly shared?: SharedState,
  ) {
    const region = shared?.region ?? '';
    const metered = new MeteredKeyEvents(metrics, region, new LoggedKeyEvents(logger));
    const events = new AuditedKeyEvents(audit, metered);
    this.denials = new DenyList({ store: deniedKeys(clock, events, shared), clock, audit });
    const stores: AutonomousKeyStore[] = [];
    const keysOf = (issuers: ConfiguredIssuers): KeyManager => {
      const tools = { issuers, clock, events };
      const store = composeKeyStore({ ...tools, ...(shared && { shared }) });
      if (store instanceof AutonomousKeyStore) stores.push(store);
      return composeKeys({ ...tools, store, ...(shared && { news: shared.news }) });
    };
    this.keys = keysOf(this.issuers);
    // Callers vouch for themselves, and for nothing else: their keys must never meet those of token issuers.
    this.assertionKeys = keysOf(this.assertionIssuers);
    const signatures = new SignatureChecks();
    const keys = new TracedKeyResolver(this.keys);
    const tokens = new TokenVerifier(this.issuers, keys, clock, this.denials, this.verifiedTokens, signatures);
    // Not remembered: an assertion is used once.
    const nothing = new VerifiedTokenCache(0);
    const { assertionIssuers, assertionKeys } = this;
    const assertions = new TokenVerifier(assertionIssuers, assertionKeys, clock, this.denials, nothing, signatures);
    this.introspector = new Introspector(tokens);
    this.decisions = new VerdictRecorder({ logger, audit, clock });
    const mutualTls = new MutualTls(this.callers, clock);
    this.rateLimits = composeRateLimits(clock, shared?.connections.primary);
    this.authorizer = new Authorizer(this.introspector);
    this.proxies = new ProxyAuthenticator(this.callers, mutualTls, this.rateLimits);
    this.authenticator = new CallerAuthenticator(
      this.callers,
      {
        clientSecret: new ClientSecret(this.callers, clock),
        privateKeyJwt: new PrivateKeyJwt(this.callers, assertions, new MemoryAssertionReplay(clock)),
        mutualTls,
        bearerToken: new BearerToken(this.callers, tokens),
      },
      new FailedAttempts(clock),
      this.rateLimits,
      new ProvenHeaders(this.callers, clock),
    );
    const [tokenSide, assertionSide] = this.sides;
    this.admin = new AdminDesk({
      tokens: tokenSide,
      assertions: assertionSide,
      denials: this.denials,
      introspector: this.introspector,
      callers: this.callers,
      states: shared ? new RedisReplicaStates(shared.connections.primary) : new MemoryReplicaStates(clock),
      replica,
      clock,
      audit,
    });
    if (shared) observeSharing(metrics, shared, stores);
    const deniedOf = (issuer: Issuer): number => issuer.deniedKeys.size + this.denials.denialsOf(issuer.id).length;
    observeKeys(metrics, { sides: this.sides, answers: metered, deniedOf, region });
  }

  /** Swaps everything in one tick: no request sees an issuer of one configuration and a caller of another. */
  apply({ issuers, callers, metadata, admin, verifiedTokenBytes }: PreparedConfiguration): void {
    this.issuers.replace(issuers);
    this.callers.replace(callers);
    this.rateLimits.replace(callers);
    this.metadata.replace(metadata);
    this.admin.tokens.replace(admin);
    this.verifiedTokens.limit(verifiedTokenBytes);
  }

  /**
   * Starts to look for keys; nothing waits for them here. Resolves after one bounded look at what operators have denied:
   * a replica must not begin with keys that all others refuse.
   */
  async start(): Promise<void> {
    this.shared?.connections.open();
    this.shared?.members.start();
    this.shared?.news.start();
    this.keys.start();
    this.assertionKeys.start();
    this.admin.start();
    await this.denials.start();
  }

  stop(): void {
    this.keys.stop();
    this.assertionKeys.stop();
    this.denials.stop();
    this.decisions.stop();
  }

  /** Issuers of tokens, and callers as issuers of their assertions. */
  private get sides(): readonly [IssuerSide, IssuerSide] {
    const { issuers, keys, assertionIssuers, assertionKeys } = this;
    return [
      { issuers, keys },
      { issuers: assertionIssuers, keys: assertionKeys },
    ];
  }

  /** Leaves what is shared. Nothing may need it any more. */
  async disconnect(): Promise<void> {
    await Promise.all([this.shared?.members.stop(), this.shared?.news.stop(), this.admin.stop()]);
    await this.shared?.connections.close();
  }
}

/** Where decisions about keys are kept: with the other replicas, where there are any. */
function deniedKeys(clock: Clock, events: KeyEvents, shared: SharedState | undefined): DeniedKeys {
  if (!shared) return new MemoryDeniedKeys(clock);
  return new RedisDeniedKeys({ link: shared.connections.primary, mac: shared.mac, clock, events });
}
