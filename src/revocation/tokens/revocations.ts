import type { Issuer } from '../../issuers/issuer.js';
import { registrationOf, type SubjectScope } from '../../issuers/subject-scope.js';
import { Unavailable } from '../../shared/unavailable.js';
import type { Host } from '../../telemetry/host.js';
import { ListKnowledge, type ReadLog } from '../list-knowledge.js';
import type { KnownRevocations } from './known-revocations.js';
import {
  findDecision,
  RevocationCheck,
  tokenDigest,
  type DecisiveRevocation,
  type SignedToken,
} from './revocation-check.js';
import { endOf } from './revocation-end.js';
import { digestOf, idOf, partsOfId, type Revocation, type RevocationKind } from './revocation.js';
import type { SharedRevocations } from './shared-revocations.js';

/** Most decisions of all issuers: what a replica has room for in 64 MiB. */
export const MOST_REVOCATIONS = 1_000_000;

/** Most cut-offs of all issuers: each is an object, and there are few. */
export const MOST_CUT_OFFS = 20_000;

/** When asking again makes sense while it is not known yet what was revoked: the log is read every two seconds. */
const RETRY_AFTER_SECONDS = 2;

/** Room comes only when something ends. */
const RETRY_WHEN_FULL_SECONDS = 60;

/** It is not known what was revoked. */
export class RevocationsUnknown extends Unavailable {
  override readonly name = 'RevocationsUnknown';

  constructor(issuerId: string) {
    super('what was revoked could not be read, or not for too long', issuerId, RETRY_AFTER_SECONDS);
  }
}

/** There is no room for one more decision. Nothing was revoked, and nothing else was forgotten for it. */
export class RevocationsFull extends Unavailable {
  override readonly name = 'RevocationsFull';

  constructor(issuerId: string) {
    super('revocation_full: no room for one more revocation', issuerId, RETRY_WHEN_FULL_SECONDS);
  }
}

/** Who revokes, and why; for the audit trail. */
export interface Decider {
  /** `admin` or `caller`, and its id. */
  readonly by: string;
  readonly reason: string;
}

/** What an operator wants to end. */
export interface RevocationOrder extends Decider {
  readonly issuer: Issuer;
  readonly scope: SubjectScope;
  readonly kind: RevocationKind;
  /** The id of the token, the session, the subject or the client; empty for an issuer. */
  readonly value: string;
  /** Of a cut-off: the second up to which tokens are refused. */
  readonly before: number;
  /** An end before the one that it has by itself. */
  readonly untilSeconds?: number | undefined;
}

/** What became of it. */
export interface RevocationOutcome {
  readonly decision: Revocation;
  /** Whether the other replicas can read it now; otherwise it holds at this one until they can. */
  readonly isShared: boolean;
}

/** What {@link Revocations} works with. */
export interface RevocationsParts extends Pick<Host, 'clock' | 'audit'> {
  readonly known: KnownRevocations;
  readonly shared: SharedRevocations;
  readonly log?: ReadLog | undefined;
  /** Called for each token that is judged while it is not known what was revoked. */
  readonly onBlindVerdict?: () => void;
}

/** Decisions that tokens, sessions, or whatever was issued up to a second are worthless: made, taken back, and asked for. */
export class Revocations extends RevocationCheck {
  /** Whether it is known what was revoked, and what to do while it is not. */
  readonly knowledge: ListKnowledge;

  constructor(private readonly parts: RevocationsParts) {
    super();
    this.knowledge = new ListKnowledge({ ...parts, list: parts.shared });
  }

  /** @throws {RevocationsUnknown} where nobody is to be answered without knowing */
  override decisionAbout(issuer: Issuer, token: SignedToken): DecisiveRevocation | undefined {
    if (!this.knowledge.mayJudge) throw new RevocationsUnknown(issuer.id);
    return findDecision(this.parts.known, issuer, token, this.parts.clock);
  }

  /**
   * Ends one token, whose signature was good: here at once, at other replicas with their next poll.
   * @throws {RevocationsFull}
   */
  revokeToken(issuer: Issuer, token: SignedToken, decider: Decider): Promise<RevocationOutcome> {
    const { exp } = token.claims;
    const expirySeconds = typeof exp === 'number' ? exp : undefined;
    const until = endOf(issuer, { kind: 'token', nowSeconds: this.nowSeconds(), before: 0, expirySeconds });
    return this.decide(issuer, { kind: 'token', digest: tokenDigest(issuer, token), before: 0, until }, decider);
  }

  /** Ends what an operator names. @throws {RevocationsFull} */
  revoke({
    issuer,
    scope,
    kind,
    value,
    before,
    untilSeconds,
    ...decider
  }: RevocationOrder): Promise<RevocationOutcome> {
    const { by, reason } = decider;
    const ownEnd = endOf(issuer, { kind, nowSeconds: this.nowSeconds(), before });
    const until = Math.min(ownEnd, untilSeconds ?? ownEnd);
    return this.decide(issuer, { kind, digest: digestOf(scope, kind, value), before, until }, { by, reason });
  }

  /**
   * Takes a decision back, everywhere or not at all.
   * @returns undefined where there is none with this id
   * @throws {RedisUnavailable}
   */
  async allow(issuer: Issuer, id: string, { by, reason }: Decider): Promise<Revocation | undefined> {
    const found = this.find(issuer, id);
    if (!found) return undefined;
    const at = Math.max(this.nowSeconds(), found.at + 1);
    const note = found.note && { note: { reason, by } };
    const decision: Revocation = { ...found, verdict: 'allowed', at, ...note };
    await this.parts.shared.insist(decision);
    this.parts.known.adopt(decision);
    this.parts.audit.record('revocation_undone', { issuer: found.issuerId, kind: found.kind, id, by, reason });
    return decision;
  }

  /** The decision of this issuer that is in force. */
  find(issuer: Issuer, id: string): Revocation | undefined {
    const parts = partsOfId(id);
    const found = parts && this.parts.known.get(parts);
    if (found?.issuerId !== registrationOf(issuer) || found.kind !== parts?.kind) return undefined;
    return found.verdict === 'revoked' && found.until > this.nowSeconds() ? found : undefined;
  }

  private async decide(
    issuer: Issuer,
    about: Pick<Revocation, 'kind' | 'digest' | 'before' | 'until'>,
    { by, reason }: Decider,
  ): Promise<RevocationOutcome> {
    const { known, audit } = this.parts;
    const { kind, until } = about;
    const issuerId = registrationOf(issuer);
    const earlier = known.get(about);
    if (earlier?.verdict === 'revoked' && earlier.until >= until) return this.make(earlier);
    this.refuseWhereFull(issuer, about, earlier === undefined);
    const at = Math.max(this.nowSeconds(), (earlier?.at ?? 0) + (earlier?.verdict === 'allowed' ? 1 : 0));
    const note = kind === 'token' || kind === 'session' ? {} : { note: { reason, by } };
    const outcome = await this.make({ issuerId, ...about, verdict: 'revoked', at, ...note });
    const { isShared } = outcome;
    audit.record('revoked', { issuer: issuerId, kind, id: idOf(about), by, reason, isShared });
    return outcome;
  }

  private async make(decision: Revocation): Promise<RevocationOutcome> {
    this.parts.known.adopt(decision);
    return { decision, isShared: await this.parts.shared.share(decision) };
  }

  /** Nothing is forgotten to make room: what was revoked would pass again. */
  private refuseWhereFull(issuer: Issuer, { kind }: Pick<Revocation, 'kind'>, isNew: boolean): void {
    const { known } = this.parts;
    if (!isNew) return;
    const isCutOff = kind !== 'token' && kind !== 'session';
    const isFull =
      known.size >= MOST_REVOCATIONS ||
      (isCutOff && known.cutOffCount >= MOST_CUT_OFFS) ||
      known.counts.totalOf(registrationOf(issuer)) >= issuer.revocation.quota;
    if (isFull) throw new RevocationsFull(issuer.id);
  }

  private nowSeconds(): number {
    return Math.floor(this.parts.clock.wallMs() / 1_000);
  }
}
