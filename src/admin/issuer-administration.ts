/** What operators can change about an issuer: fetch its keys now, deny a key, allow it again. */
import type { Issuer } from '../issuers/issuer.js';
import type { ManagedIssuers } from '../keys/key-managers.js';
import type { RefreshOutcome } from '../keys/refresh/fetch-history.js';
import type { DenyList } from '../revocation/deny-list.js';
import type { Host } from '../telemetry/host.js';
import { AdminProblem, retryLater } from './admin-problem.js';
import type { Admin } from './admin-tokens.js';
import type { DenialInput } from './inputs.js';
import { DECISION_BOUND_MS, isTimePromised } from './decision-reach.js';
import { reachOf } from './denial-reach.js';
import type { Fleet } from './fleet.js';
import { denialView } from './issuer-view.js';
import type { ReachAnswer } from './reach-answer.js';
import type { ReachWatch } from './reach-watch.js';

type Json = Readonly<Record<string, unknown>>;

const whyDenied: Readonly<Record<(RefreshOutcome & { outcome: 'denied' })['verdict'], string>> = {
  SPACED: 'the keys were fetched a moment ago',
  BACKOFF: 'fetches have failed, and the next one waits',
  BUSY: 'another replica is fetching the keys',
  FRESH: 'no fetch is due',
  LIMITED: 'the budget of fetches is spent',
};

const notShared = 'the shared store does not answer: the denial holds at this replica alone for now';
const notPromised =
  'not every replica is known to be live and to read what is shared: for those under notConfirmedBy that are lost or late no time is promised';

/** What operators change about issuers. */
export class IssuerAdministration {
  constructor(
    private readonly managed: readonly ManagedIssuers[],
    private readonly denials: DenyList,
    private readonly fleet: Fleet,
    private readonly reach: ReachWatch,
    private readonly host: Pick<Host, 'clock'>,
  ) {}

  /** Fetches the keys of an issuer now, within its spacing and its backoff. */
  async refresh(issuerId: string): Promise<Json> {
    const { keys, issuer } = this.find(issuerId);
    const outcome = await keys.refreshNow(issuer);
    if (!outcome) throw new AdminProblem(409, 'keys_not_fetched', 'the configuration itself carries these keys');
    // `looked` and `look_refused` are words of the API for a fetch: clients read them, so they stay.
    if (outcome.outcome === 'fetched') return { issuer: issuerId, outcome: 'looked' };
    if (outcome.outcome === 'failed') return { issuer: issuerId, ...outcome };
    throw retryLater(429, 'look_refused', whyDenied[outcome.verdict], outcome.retryInMs);
  }

  /** Refuses a key from now on, published or not. */
  async deny({ id: by }: Admin, issuerId: string, { thumbprint, reason, untilMs }: DenialInput): Promise<ReachAnswer> {
    this.find(issuerId);
    const until = untilMs === undefined ? {} : { untilMs };
    const isShared = await this.denials.deny({ issuerId, thumbprint, by, reason, ...until });
    const denial = this.denials.denialOf(issuerId, thumbprint);
    const view = await this.fleet.view('reach');
    const isPromised = isShared && isTimePromised(view);
    const reach = denial && {
      ...denialView(denial),
      ...reachOf(denial, view, this.host.clock.wallMs()),
    };
    if (denial) this.reach.follow(denial);
    const promise = isPromised
      ? { effectiveWithinSeconds: DECISION_BOUND_MS / 1_000 }
      : { detail: isShared ? notPromised : notShared };
    return { isPromised, body: { issuer: issuerId, thumbprint, ...reach, isShared, ...promise } };
  }

  /** Takes a denial back. */
  async allow({ id: by }: Admin, issuerId: string, thumbprint: string): Promise<void> {
    const { issuer } = this.find(issuerId);
    const wasDenied = await this.denials.allow({ issuerId, thumbprint, reason: 'taken back', by });
    if (issuer.deniedKeys.has(thumbprint)) {
      const detail = 'the configuration denies this key: see deniedKeys of the issuer';
      throw new AdminProblem(409, 'key_denied_by_configuration', detail);
    }
    if (!wasDenied) throw new AdminProblem(404, 'key_not_denied', 'this key is not denied');
  }

  /** @throws {AdminProblem} 404 */
  find(issuerId: string): ManagedIssuers & { readonly issuer: Issuer } {
    for (const managed of this.managed) {
      const issuer = managed.issuers.byId(issuerId);
      if (issuer) return { ...managed, issuer };
    }
    throw new AdminProblem(404, 'issuer_unknown', 'there is no issuer with this id');
  }
}
