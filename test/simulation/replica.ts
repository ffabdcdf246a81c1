import { anIssuer } from '../builders/an-issuer.js';
import { ConfiguredIssuers } from '../../src/issuers/configured-issuers.js';
import { defaultFreshness } from '../../src/issuers/freshness.config.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import { ChangeLog } from '../../src/changes/change-log.js';
import { RecordMac } from '../../src/redis/record-mac.js';
import { AutonomousKeyStore } from '../../src/keys/fleet/autonomous-key-store.js';
import { composeKeys } from '../../src/keys/compose-keys.js';
import { FleetMembers } from '../../src/keys/fleet/fleet-members.js';
import { KeyEvents, type KeyEvent } from '../../src/keys/events/key-events.js';
import type { KeyManager } from '../../src/keys/key-manager.js';
import { KeysUnavailable, KeyUndetermined } from '../../src/keys/key-resolver.js';
import type { LocalRecord } from '../../src/keys/refresh/local-record.js';
import type { JwtHeader } from '../../src/tokens/unverified-jwt.js';
import { DenyList } from '../../src/revocation/deny-list.js';
import type { KeyDecision } from '../../src/revocation/key-decision.js';
import { LoggedDeniedKeys } from '../../src/revocation/logged-denied-keys.js';
import { RecordingAudit } from '../fakes/recording-audit.js';
import { testRecordKey } from '../redis/a-redis-key-store.js';
import type { Dice } from './dice.js';
import { FaultyLink, LinkedChanges, LinkedNews, LinkedStore } from './faulty-link.js';
import type { PlannedDecision } from './plan.js';
import { RevokingReplica } from './revoking-replica.js';
import type { HostClock } from './virtual-time.js';
import type { World } from './world.js';

/** The issuer that has trouble, and the one that has none. */
export const issuerIds = ['stormy', 'calm'] as const;
export type IssuerId = (typeof issuerIds)[number];

/** What becomes of a request; `undetermined`: there are keys, and whether there is this one could not be found out. */
export type Answer = 'found' | 'unknown' | 'undetermined' | 'unavailable';

/** One replica: everything about it is real but the clock, the network and the cryptography. */
export class Replica {
  readonly link: FaultyLink;
  readonly store: AutonomousKeyStore;
  readonly keys: KeyManager;
  readonly events = new CountedEvents();
  readonly members: CountedMembers;
  readonly changes: LinkedChanges;
  readonly denials: DenyList;
  /** Where the plan revokes anything. */
  readonly revoked: RevokingReplica | undefined;
  private readonly issuers = new ConfiguredIssuers();
  private readonly news: LinkedNews;
  private readonly log: ChangeLog;

  constructor(
    readonly id: number,
    readonly bornMs: number,
    readonly clock: HostClock,
    dice: Dice,
    world: World,
  ) {
    this.link = new FaultyLink({
      clock,
      dice,
      worldSleep: (ms) => world.sleep(ms),
      fault: () => world.faultOf(id),
      store: () => world.storeOf(id),
    });
    this.members = new CountedMembers(this, world);
    this.news = new LinkedNews();
    this.changes = new LinkedChanges(this.link);
    this.log = new ChangeLog({
      store: this.changes,
      mac: new RecordMac('simulated', [testRecordKey]),
      clock,
      random: dice.roll,
      onRefused: (kind, reason) => {
        throw new Error(`an entry about ${kind} was refused as ${reason}`);
      },
    });
    this.denials = new DenyList({
      store: new LoggedDeniedKeys({ log: this.log, clock }),
      clock,
      audit: new RecordingAudit(),
    });
    const { plan } = world;
    const parts = { plan, clock, log: this.log, worldMs: () => world.nowMs };
    this.revoked = plan.revocations.length > 0 ? new RevokingReplica(parts) : undefined;
    const announce = (hint: string, instead: string): void => void this.log.offer('keys', hint, [instead]);
    this.store = new AutonomousKeyStore(new LinkedStore(this.link, announce), {
      clock,
      members: this.members,
      events: this.events,
      random: dice.roll,
    });
    this.issuers.replace(issuerIds.map((name) => issuer(name, world.plan.hardTtlMs)));
    this.keys = composeKeys({
      issuers: this.issuers,
      clock,
      events: this.events,
      store: this.store,
      shared: { news: this.news, log: this.log },
      sourceOf: (current) => world.issuers[current().id as IssuerId].source(id, clock),
      random: dice.roll,
    });
    this.members.start();
    void this.log.start();
    void this.denials.start();
    this.keys.start();
  }

  local(name: IssuerId): LocalRecord {
    const { held } = this.keys as unknown as { held: ReadonlyMap<string, { keys: { local: LocalRecord } }> };
    return held.get(name)!.keys.local;
  }

  /** Whether a token of this key would be accepted. Reads without being noticed. */
  accepts(name: IssuerId, key: string): boolean {
    const trusted = this.local(name).trusted;
    return trusted !== undefined && trusted.set.candidates(headerOf(key), this.clock.monoMs()).length > 0;
  }

  /** What the hot path gets for a token of this key. */
  known(name: IssuerId, key: string): unknown {
    return this.keys.known(this.issuers.byId(name)!, headerOf(key));
  }

  isTrusted(name: IssuerId): boolean {
    return this.local(name).trusted !== undefined;
  }

  /** When the fetch began that the accepted keys come from, in world time. */
  observedMs(name: IssuerId): number | undefined {
    const accepted = this.local(name).accepted;
    return accepted && this.clock.toWorldMs(accepted.observedMs);
  }

  /** A request with a token of this key, as far as keys are concerned. */
  async ask(name: IssuerId, key: string): Promise<Answer> {
    try {
      const found = await this.keys.find(this.issuers.byId(name)!, headerOf(key));
      return found.length > 0 ? 'found' : 'unknown';
    } catch (error) {
      if (error instanceof KeyUndetermined) return 'undetermined';
      if (error instanceof KeysUnavailable) return 'unavailable';
      throw error;
    }
  }

  /** Every decision about keys that this replica goes by. */
  decisions(): readonly KeyDecision[] {
    return (this.denials as unknown as { all: () => readonly KeyDecision[] }).all();
  }

  /** Whether tokens that this key has signed are refused because of a denial. */
  denies(thumbprint: string): boolean {
    return this.denials.isDenied(this.issuers.byId('stormy')!, thumbprint);
  }

  /** What an operator asks this replica for. To allow a key fails while the store is away. */
  async decide({ verdict, thumbprint }: PlannedDecision): Promise<void> {
    const wish = { issuerId: 'stormy', thumbprint, reason: 'simulated', by: 'operator' };
    if (verdict === 'allowed') {
      await this.denials.allow(wish).catch(() => false);
      return;
    }
    const shared = this.denials.deny(wish);
    this.changes.madeHere(this.decisions().find((each) => each.thumbprint === thumbprint)!);
    await shared;
  }

  hint(source: string, fence: number): void {
    this.news.hint(source, fence);
  }

  /** Says goodbye, as a rollout makes it do. */
  stop(): void {
    this.keys.stop();
    this.log.stop();
    this.denials.stop();
    this.revoked?.stop();
    void this.members.stop();
  }

  /** Nothing of it ever happens again. */
  kill(): void {
    this.clock.pause(Number.POSITIVE_INFINITY);
  }
}

function headerOf(kid: string): JwtHeader {
  return { alg: 'ES256', kid };
}

function issuer(name: IssuerId, hardTtlMs: number): Issuer {
  return anIssuer({
    id: name,
    issuer: `https://${name}.example`,
    keys: { kind: 'jwksUri', url: `https://${name}.example/jwks` },
    freshness: { ...defaultFreshness, hardTtlMs },
    keySourceFingerprint: name,
    criticality: 'critical',
  });
}

class CountedEvents extends KeyEvents {
  readonly counts = new Map<string, number>();

  override report(event: KeyEvent): void {
    this.counts.set(event.event, (this.counts.get(event.event) ?? 0) + 1);
  }
}

/** Heartbeats over the link, counted by the world. */
class CountedMembers extends FleetMembers {
  private counted = 10;
  private isRunning = false;

  constructor(
    private readonly replica: Replica,
    private readonly world: World,
  ) {
    super();
  }

  override get size(): number {
    return this.counted;
  }

  override start(): void {
    this.isRunning = true;
    void this.beat();
  }

  override stop(): Promise<void> {
    this.isRunning = false;
    return Promise.resolve();
  }

  private async beat(): Promise<void> {
    const { link, id, clock } = this.replica;
    this.counted = await link.run(() => Promise.resolve(this.world.countMembers(id))).catch(() => this.counted);
    if (this.isRunning) clock.after(5_000, () => void this.beat());
  }
}
