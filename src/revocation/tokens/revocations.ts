/** Makes revocations, takes them back, and answers for them. */
import type { Arrival, ArrivalOutcome } from '../../changes/arrival.js';
import type { Issuer } from '../../issuers/issuer.js';
import { registrationOf, type SubjectScope } from '../../issuers/subject-scope.js';
import type { Host } from '../../telemetry/host.js';
import { ListKnowledge, type ReadLog } from '../list-knowledge.js';
import type { KnownRevocations } from './known-revocations.js';
import {
  findDecision,
  RevocationCheck,
  tokenDigest,
  type DecisiveRevocation,
  type EmailClaims,
  type SignedToken,
} from './revocation-check.js';
import { endOf } from './revocation-end.js';
import { refuseWhereFull } from './revocations-full.js';
import { RevocationsUnknown } from './revocations-unknown.js';
import {
  cutOffKinds,
  digestOf,
  type EMAIL,
  idOf,
  partsOfId,
  type Revocation,
  type RevocationKind,
} from './revocation.js';
import type { SharedRevocations } from './shared-revocations.js';

/** Who decides without a human being; see {@link Decider.by}. */
const programs = /^(?:caller|signal):/;

/** Who revokes, and why; for the audit trail. */
export interface Decider {
  /** Id of an admin token, or `caller:` or `signal:` with an id. */
  readonly by: string;
  readonly reason: string;
}

/** What an operator, or a signal, wants to end. */
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
  /** A subject that is named by an address, in lower case. */
  readonly foundBy?: typeof EMAIL;
}

/** What became of it. */
export interface RevocationOutcome {
  readonly decision: Revocation;
  /** Whether the other replicas can read it now; otherwise it holds at this one until they can. */
  readonly isShared: boolean;
}

/**
 * What became of something that has arrived: `unshared` holds at this replica alone for now, and is not remembered, so that it has an effect
 * when it arrives again.
 */
export type ReceivedOutcome = ArrivalOutcome | 'unshared';

/** What a decision is about, and when it ends. */
type About = Pick<Revocation, 'kind' | 'digest' | 'before' | 'until'>;

/** A decision that is not in force yet. */
interface Draft {
  readonly decision: Revocation;
  readonly decider: Decider;
  /** Otherwise it is in force already. */
  readonly isNews: boolean;
  /** Whom it is about, as tokens say it. */
  readonly subject?: string;
}

/** What {@link Revocations} works with. */
export interface RevocationsParts extends Pick<Host, 'clock' | 'audit'> {
  readonly known: KnownRevocations;
  readonly shared: SharedRevocations;
  readonly log?: ReadLog | undefined;
  /** Ids of all that there are, among whom the places are divided. */
  readonly registrations: () => ReadonlySet<string>;
  /** Called for each token that is judged while it is not known what was revoked. */
  readonly onBlindVerdict?: () => void;
}

/** Decisions that tokens, sessions, or whatever was issued up to a second are worthless: made, taken back, and asked for. */
export class Revocations extends RevocationCheck {
  /** Whether it is known what was revoked, and what to do while it is not. */
  readonly knowledge: ListKnowledge;
  private emailClaims: EmailClaims = new Map();
  /** Whether somebody who tells what an issuer has ended does not do so now. */
  private mayMissEvents: (issuerId: string) => boolean = () => false;

  constructor(private readonly parts: RevocationsParts) {
    super();
    this.knowledge = new ListKnowledge({ ...parts, list: parts.shared });
  }

  /** @throws {RevocationsUnknown} where nobody is to be answered without knowing */
  override decisionAbout(issuer: Issuer, token: SignedToken): DecisiveRevocation | undefined {
    const { onUnknown } = issuer.revocation;
    if (!this.knowledge.mayJudge(onUnknown)) throw new RevocationsUnknown(issuer.id, 'unread');
    if (onUnknown === 'refuse' && this.mayMissEvents(issuer.id))
      throw new RevocationsUnknown(issuer.id, 'silentStream');
    return findDecision(this.parts.known, issuer, token, this.parts.clock, this.emailClaims);
  }

  /** The place of the log of changes up to which every revocation is known here; `undefined` where that is not so, or there is no log. */
  get knownTo(): number | undefined {
    return this.parts.shared.knownTo;
  }

  /** The place of the log up to which a replica has to have read to know this one; `undefined`: nobody can be known to have read it. */
  placeOf(decision: Revocation): number | undefined {
    return this.parts.shared.placeOf(decision);
  }

  /** From now on, subjects that are named by an address are looked for in these claims. */
  findEmailsIn(claims: EmailClaims): void {
    this.emailClaims = claims;
    this.parts.known.counts.beginAnew();
  }

  /** From now on there is no verdict, for issuers whose `onUnknown` is `refuse`, while events of the issuer may be missing. */
  followStreams(mayMissEvents: (issuerId: string) => boolean): void {
    this.mayMissEvents = mayMissEvents;
  }

  /**
   * Ends one token, whose signature was good: here at once, at other replicas with their next poll.
   * @throws {RevocationsFull}
   */
  async revokeToken(issuer: Issuer, token: SignedToken, decider: Decider): Promise<RevocationOutcome> {
    const { exp } = token.claims;
    const expirySeconds = typeof exp === 'number' ? exp : undefined;
    const until = endOf(issuer, { kind: 'token', nowSeconds: this.nowSeconds(), before: 0, expirySeconds });
    const about = { kind: 'token', digest: tokenDigest(issuer, token), before: 0, until } as const;
    return this.make(this.draft(issuer, about, decider));
  }

  /** Ends what an operator names. @throws {RevocationsFull} */
  async revoke(order: RevocationOrder): Promise<RevocationOutcome> {
    return this.make(this.draftOf(order));
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
    // It outlives whatever else was decided about the same, here or where that is not known yet: otherwise that would hold again.
    const { kind, before } = found;
    const until = Math.max(found.until, endOf(issuer, { kind, nowSeconds: this.nowSeconds(), before }));
    const decision: Revocation = { ...found, verdict: 'allowed', at, until, ...note };
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

  /**
   * Makes what follows from something that has arrived, once: it is remembered in the same step in which other replicas can read it.
   * @throws {RevocationsFull} nothing is remembered then
   */
  async receive(arrival: Arrival, orders: readonly RevocationOrder[]): Promise<ReceivedOutcome> {
    const { shared } = this.parts;
    const drafts = orders.map((order) => this.draftOf(order));
    const decisions = drafts.map(({ decision }) => decision);
    const outcome = await shared.admit(arrival, decisions);
    if (outcome === 'repeated' || outcome === 'limited') return outcome;
    const areShared = await Promise.all(
      drafts.map(async (draft) => {
        this.parts.known.adopt(draft.decision);
        // What could not be shared holds here, and is brought to the others as soon as that works.
        const isShared = outcome === 'first' || (await shared.share(draft.decision));
        this.record(draft, isShared);
        return isShared;
      }),
    );
    return outcome ?? (areShared.length > 0 && areShared.every(Boolean) ? 'first' : 'unshared');
  }

  private async make(draft: Draft): Promise<RevocationOutcome> {
    const { decision } = draft;
    this.parts.known.adopt(decision);
    const isShared = await this.parts.shared.share(decision);
    this.record(draft, isShared);
    return { decision, isShared };
  }

  private draftOf(order: RevocationOrder): Draft {
    const { issuer, scope, kind, value, before, untilSeconds, by, reason, foundBy } = order;
    const ownEnd = endOf(issuer, { kind, nowSeconds: this.nowSeconds(), before });
    const until = Math.min(ownEnd, untilSeconds ?? ownEnd);
    const about = { kind, digest: digestOf(scope, foundBy ?? kind, value), before, until };
    const isSubject = kind === 'subject' && foundBy === undefined;
    return { ...this.draft(issuer, about, { by, reason }), ...(isSubject && { subject: value }) };
  }

  /** The decision to be made; the one that is in force already where that lasts as long. @throws {RevocationsFull} */
  private draft(issuer: Issuer, about: About, decider: Decider): Draft {
    const { known } = this.parts;
    const { kind } = about;
    const earlier = known.get(about);
    // What was taken back may still stand in the log, with a later end: the end that is named here would not be the one that holds.
    const until = earlier?.verdict === 'allowed' ? Math.max(about.until, earlier.until) : about.until;
    if (earlier?.verdict === 'revoked' && earlier.until >= until) return { decision: earlier, decider, isNews: false };
    if (!earlier) {
      const { registrations } = this.parts;
      refuseWhereFull(known, { issuer, kind, isOperator: !programs.test(decider.by), registrations });
    }
    const at = Math.max(this.nowSeconds(), (earlier?.at ?? 0) + (earlier?.verdict === 'allowed' ? 1 : 0));
    const note = cutOffKinds.has(kind) ? { note: decider } : {};
    const decision = { issuerId: registrationOf(issuer), ...about, until, verdict: 'revoked', at, ...note } as const;
    return { decision, decider, isNews: true };
  }

  private record({ decision, decider: { by, reason }, isNews, subject }: Draft, isShared: boolean): void {
    if (!isNews) return;
    const { audit } = this.parts;
    const { issuerId: issuer, kind } = decision;
    const subHash = subject === undefined ? undefined : audit.hashOfSubject(subject);
    const about = { issuer, kind, id: idOf(decision), ...(subHash !== undefined && { subHash }) };
    audit.record('revoked', { ...about, by, reason, isShared });
  }

  private nowSeconds(): number {
    return Math.floor(this.parts.clock.wallMs() / 1_000);
  }
}
