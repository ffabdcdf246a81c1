import type { ChangeLog } from '../../src/changes/change-log.js';
import { compileClaimNames, usualNames } from '../../src/claims/claim-names.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import { sweepTurns } from '../../src/revocation/tokens/digest-table.js';
import { KnownRevocations } from '../../src/revocation/tokens/known-revocations.js';
import { LoggedRevocations } from '../../src/revocation/tokens/logged-revocations.js';
import { digestOf, idOf, type Revocation } from '../../src/revocation/tokens/revocation.js';
import { Revocations } from '../../src/revocation/tokens/revocations.js';
import { TokenDigests } from '../../src/revocation/tokens/token-digests.js';
import { anIssuer } from '../builders/an-issuer.js';
import { RecordingAudit } from '../fakes/recording-audit.js';
import type { Plan, PlannedRevocation } from './plan.js';
import { EPOCH_MS, type HostClock } from './virtual-time.js';

/** A token that comes to every replica again and again. */
export interface RememberedToken {
  readonly claims: Readonly<Record<'jti' | 'uti' | 'sid' | 'sub', string>>;
  readonly digests: TokenDigests;
}

/** What a {@link RevokingReplica} works with. */
export interface RevokingReplicaParts {
  readonly plan: Plan;
  readonly clock: HostClock;
  readonly log: ChangeLog;
  readonly worldMs: () => number;
}

/** The second of every cut-off: about one subject there is one decision. */
const LATEST_CUT = Math.floor(EPOCH_MS / 1_000) - 60;

const registrations = ['jti', 'uti'].map((tokenIdClaim) => compileClaimNames({ ...usualNames, tokenIdClaim })) as [
  Issuer['names'],
  Issuer['names'],
];

/** What one replica has revoked, and the tokens that it remembers. All of it is the real thing. */
export class RevokingReplica {
  readonly known = new KnownRevocations();
  /** What operators were told here is in force, or taken back. */
  readonly told: Revocation[] = [];
  readonly tokens: readonly RememberedToken[];
  /** Several checkers ask in one moment. */
  private listed: { readonly atMs: number; readonly all: readonly Revocation[] } = { atMs: -1, all: [] };
  private readonly shared: LoggedRevocations;
  private readonly revocations: Revocations;
  private readonly issuers: readonly [Issuer, Issuer];

  constructor(private readonly parts: RevokingReplicaParts) {
    const { plan, clock, log } = parts;
    const { known } = this;
    const issuer = anIssuer({ id: 'stormy' });
    const revocation = { ...issuer.revocation, quota: plan.quota };
    const [before, after] = registrations;
    this.issuers = [
      { ...issuer, revocation, names: before },
      { ...issuer, revocation, names: after },
    ];
    this.shared = new LoggedRevocations({ log, known, clock });
    const audit = new RecordingAudit();
    const registered = () => new Set(['stormy']);
    this.revocations = new Revocations({ known, shared: this.shared, log, registrations: registered, clock, audit });
    const values = [...new Set(plan.revocations.map(({ value }) => value))];
    this.tokens = values.map((value) => ({
      claims: { jti: value, uti: `other ${value}`, sid: value, sub: value },
      digests: new TokenDigests(),
    }));
    this.shared.start();
  }

  get isKnown(): boolean {
    return this.shared.isRead;
  }

  get nowSeconds(): number {
    return Math.floor(this.parts.clock.wallMs() / 1_000);
  }

  /** The claim that the id of a token is read from now. */
  get idClaim(): 'jti' | 'uti' {
    return this.parts.worldMs() < this.parts.plan.registeredAnewAtMs ? 'jti' : 'uti';
  }

  stop(): void {
    this.shared.stop();
  }

  /** Every decision that has not ended. */
  decisions(): readonly Revocation[] {
    const atMs = this.parts.worldMs();
    if (this.listed.atMs !== atMs) {
      const all = [...Array(sweepTurns).keys()].flatMap((turn) => this.known.part(turn, 'stormy', this.nowSeconds));
      this.listed = { atMs, all };
    }
    return this.listed.all;
  }

  /** Whether this token is refused, as requests are told. */
  refuses({ claims, digests }: RememberedToken): boolean {
    return (
      this.revocations.decisionAbout(this.issuer, { compact: 'a.b.c', claims: { ...claims, iat: 1 }, digests }) !==
      undefined
    );
  }

  /** What an operator asks this replica for. To take something back fails while the store is away, or where nothing is in force. */
  async decide({ verdict, kind, value, forMs }: PlannedRevocation): Promise<void> {
    const { issuer, nowSeconds } = this;
    const scope = { issuer: 'stormy' };
    const decider = { by: 'ops', reason: 'simulated' };
    const before = kind === 'subject' ? LATEST_CUT : 0;
    if (verdict === 'allowed') {
      const id = idOf({ kind, digest: digestOf(scope, kind, value), before });
      const undone = await this.revocations.allow(issuer, id, decider).catch(() => undefined);
      if (undone) this.told.push(undone);
      return;
    }
    const untilSeconds = forMs === undefined ? undefined : nowSeconds + Math.floor(forMs / 1_000);
    const order = { issuer, scope, kind, value, before, untilSeconds, ...decider };
    const made = await this.revocations.revoke(order).catch(() => undefined);
    if (made) this.told.push(made.decision);
  }

  private get issuer(): Issuer {
    return this.issuers[this.idClaim === 'jti' ? 0 : 1];
  }
}
