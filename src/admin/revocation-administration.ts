import { setImmediate as pause } from 'node:timers/promises';
import type { Issuer } from '../issuers/issuer.js';
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import { registrationOf, type SubjectScope } from '../issuers/subject-scope.js';
import { sweepTurns } from '../revocation/tokens/digest-table.js';
import type { KnownRevocations } from '../revocation/tokens/known-revocations.js';
import { endOf } from '../revocation/tokens/revocation-end.js';
import { cutOffKinds, idOf, type Revocation } from '../revocation/tokens/revocation.js';
import type { Revocations } from '../revocation/tokens/revocations.js';
import { RevocationsFull } from '../revocation/tokens/revocations-full.js';
import type { Clock } from '../shared/clock.js';
import { AdminProblem, retryLater } from './admin-problem.js';
import type { Admin } from './admin-tokens.js';
import { DECISION_BOUND_MS, type FleetView, isTimePromised, type Reach } from './decision-reach.js';
import type { Fleet } from './fleet.js';
import type { ReachAnswer } from './reach-answer.js';
import { revocationReachOf } from './revocation-reach.js';
import type { RevocationInput, RevocationPageInput } from './revocation-inputs.js';
import { iso } from './time-view.js';

type Json = Readonly<Record<string, unknown>>;

/** What {@link RevocationAdministration} works with. */
export interface RevocationAdministrationParts {
  readonly issuers: Pick<IssuerRegistry, 'byId'>;
  readonly revocations: Revocations;
  readonly known: KnownRevocations;
  readonly fleet: Pick<Fleet, 'view'>;
  readonly clock: Pick<Clock, 'wallMs'>;
}

const notShared = 'the shared store does not answer: the revocation holds at this replica alone for now';
const notPromised =
  'not every replica is known to be live and to read what is shared: for those under fleet.lost and fleet.behind no time is promised';

/** What operators revoke of issuers, see of that, and take back. */
export class RevocationAdministration {
  constructor(private readonly parts: RevocationAdministrationParts) {}

  /** @returns whether a time is promised by which every replica refuses what it is about, beside the answer */
  async revoke({ id }: Admin, issuerId: string, input: RevocationInput): Promise<ReachAnswer> {
    const issuer = this.issuerOf(issuerId);
    const { kind, value = '', reason, beforeSeconds: before, untilSeconds } = input;
    const scope = scopeOf(issuer, input);
    this.refuseOver(issuer, input);
    const order = { issuer, scope, kind, value, before, untilSeconds, by: id, reason };
    const { decision, isShared } = await this.parts.revocations.revoke(order).catch(refuseFull);
    const view = await this.parts.fleet.view('reach');
    const isPromised = isShared && isTimePromised(view);
    const promise = isPromised
      ? { effectiveWithinSeconds: DECISION_BOUND_MS / 1_000 }
      : { detail: isShared ? notPromised : notShared };
    return {
      isPromised,
      body: {
        issuer: registrationOf(issuer),
        ...revocationView(decision),
        ...this.reach(decision, view),
        isShared,
        ...promise,
      },
    };
  }

  /** Takes one back, everywhere or not at all. */
  async allow({ id: by }: Admin, issuerId: string, revocation: string): Promise<void> {
    const decider = { by, reason: 'taken back' };
    const outcome = await this.parts.revocations.allow(this.issuerOf(issuerId), revocation, decider);
    if (!outcome) throw new AdminProblem(404, 'revocation_unknown', 'there is no such revocation that is in force');
  }

  /** In the order of their ids, which is the same at every replica. */
  async list(issuerId: string, { cursor = '', size }: RevocationPageInput): Promise<Json> {
    const issuer = registrationOf(this.issuerOf(issuerId));
    const nowSeconds = Math.floor(this.parts.clock.wallMs() / 1_000);
    let page: { readonly id: string; readonly decision: Revocation }[] = [];
    for (let turn = 0; turn < sweepTurns; turn++) {
      for (const decision of this.parts.known.part(turn, issuer, nowSeconds)) {
        const id = idOf(decision);
        if (decision.verdict === 'revoked' && id > cursor) page.push({ id, decision });
      }
      if (page.length > 2 * size) page = firstOf(page, size + 1);
      // There may be a million: tokens are judged in between.
      if (turn % 8 === 0) await pause();
    }
    page = firstOf(page, size + 1);
    const shown = page.slice(0, size);
    const next = page.length > size ? { next: shown.at(-1)?.id } : {};
    const view = await this.parts.fleet.view('reach');
    const revocations = shown.map(({ decision }) => ({ ...revocationView(decision), ...this.reach(decision, view) }));
    return { issuer, ...this.knowledge(), revocations, ...next };
  }

  private reach(decision: Revocation, view: FleetView): Reach {
    const { revocations, clock } = this.parts;
    return revocationReachOf(decision, revocations.placeOf(decision), view, clock.wallMs());
  }

  /** Whether what others decided until a moment ago is among what is known here: a region that is cut off cannot know it. */
  private knowledge(): Json {
    const { knowledge } = this.parts.revocations;
    const { readAgoMs } = knowledge;
    const isCurrent = knowledge.isReadWithin(DECISION_BOUND_MS);
    return readAgoMs === undefined ? { isCurrent } : { isCurrent, readAgoSeconds: Math.floor(readAgoMs / 1_000) };
  }

  /** A cut-off that no acceptable token can be older than would end at once. @throws {AdminProblem} 422 */
  private refuseOver(issuer: Issuer, { kind, beforeSeconds: before }: RevocationInput): void {
    const nowSeconds = Math.floor(this.parts.clock.wallMs() / 1_000);
    if (endOf(issuer, { kind, nowSeconds, before }) > nowSeconds) return;
    throw wrongField('before', 'a later time: what was issued before that has expired, by maxLifetime of the issuer');
  }

  /** @throws {AdminProblem} 404 */
  private issuerOf(id: string): Issuer {
    const issuer = this.parts.issuers.byId(id);
    if (issuer) return issuer;
    throw new AdminProblem(404, 'issuer_unknown', 'there is no issuer with this id');
  }
}

function firstOf<Member extends { readonly id: string }>(members: readonly Member[], count: number): Member[] {
  return members.toSorted((one, other) => (one.id < other.id ? -1 : 1)).slice(0, count);
}

/** Nothing here says whom it is about: that is a digest. */
function revocationView(decision: Revocation): Json {
  const { kind, digest, before, at, until, note } = decision;
  return {
    id: idOf(decision),
    kind,
    digest: digest.toString('base64url'),
    ...(cutOffKinds.has(kind) && { before: timeOf(before) }),
    decidedAt: timeOf(at),
    until: timeOf(until),
    ...note,
  };
}

function timeOf(seconds: number): string {
  return iso(seconds * 1_000);
}

/** Within what a name means one thing: a tenant, where the issuer has many. @throws {AdminProblem} 422 */
function scopeOf(issuer: Issuer, { kind, tenant }: Pick<RevocationInput, 'kind' | 'tenant'>): SubjectScope {
  const registration = registrationOf(issuer);
  if (issuer.tenantOf && tenant === undefined) return { issuer: registration, tenant: issuer.tenantOf.tenant };
  const tenants = issuer.template?.tenants;
  if (tenant !== undefined) {
    const isOne = tenants === 'any' || (tenants?.has(tenant) ?? false) || tenant === issuer.tenantOf?.tenant;
    if (!isOne) throw wrongField('tenant', 'one of the tenants of this issuer; none where it has no template');
    return { issuer: registration, tenant };
  }
  if (tenants !== undefined && kind !== 'client' && kind !== 'issuer') {
    throw wrongField('tenant', 'the tenant whose token, session or subject this is: tenants may use the same names');
  }
  return { issuer: registration };
}

function wrongField(field: string, detail: string): AdminProblem {
  const errors = [{ field, detail }];
  return new AdminProblem(422, 'fields_invalid', 'some fields are not as expected', { errors });
}

function refuseFull(error: unknown): never {
  if (!(error instanceof RevocationsFull)) throw error;
  const detail = 'there is no room for one more revocation: nothing was revoked; see revocation.quota of the issuer';
  throw retryLater(503, 'revocation_full', detail, error.retryAfterSeconds * 1_000);
}
