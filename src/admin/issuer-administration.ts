import type { Issuer } from '../issuers/issuer.js';
import type { ManagedIssuers } from '../keys/key-managers.js';
import type { RefreshOutcome } from '../keys/refresh/fetch-history.js';
import type { DenyList } from '../revocation/deny-list.js';
import { AdminProblem, retryLater } from './admin-problem.js';
import type { Admin } from './admin-tokens.js';
import type { DenialInput } from './inputs.js';
import { denialView } from './issuer-view.js';

type Json = Readonly<Record<string, unknown>>;

/** A denial that was asked for, and whether others know of it. */
export interface DenialAnswer {
  readonly isShared: boolean;
  readonly body: Json;
}

/** Longest time until every replica refuses a denied key, in seconds (key-lifecycle 5.7). */
const EFFECTIVE_WITHIN_SECONDS = 7;

const whyDenied: Readonly<Record<(RefreshOutcome & { outcome: 'denied' })['verdict'], string>> = {
  SPACED: 'the issuer was looked at a moment ago',
  BACKOFF: 'the issuer has failed and is left in peace for now',
  BUSY: 'another replica is looking',
  FRESH: 'no look is due',
  LIMITED: 'the budget of looks is spent',
};

/** What operators change about issuers. */
export class IssuerAdministration {
  constructor(
    private readonly managed: readonly ManagedIssuers[],
    private readonly denials: DenyList,
  ) {}

  /** Fetches the keys of an issuer now, within its spacing and its backoff. */
  async refresh(issuerId: string): Promise<Json> {
    const { keys, issuer } = this.find(issuerId);
    const outcome = await keys.refreshNow(issuer);
    if (!outcome) throw new AdminProblem(409, 'keys_not_fetched', 'the configuration itself carries these keys');
    // The words of this API: 'looked', 'failed', `look_refused`.
    if (outcome.outcome === 'fetched') return { issuer: issuerId, outcome: 'looked' };
    if (outcome.outcome === 'failed') return { issuer: issuerId, ...outcome };
    throw retryLater(429, 'look_refused', whyDenied[outcome.verdict], outcome.retryInMs);
  }

  /** Refuses a key from now on, published or not. */
  async deny({ id: by }: Admin, issuerId: string, { thumbprint, reason, untilMs }: DenialInput): Promise<DenialAnswer> {
    this.find(issuerId);
    const until = untilMs === undefined ? {} : { untilMs };
    const isShared = await this.denials.deny({ issuerId, thumbprint, by, reason, ...until });
    const denial = this.denials.denialOf(issuerId, thumbprint);
    const reach = isShared ? { effectiveWithinSeconds: EFFECTIVE_WITHIN_SECONDS } : {};
    return { isShared, body: { issuer: issuerId, thumbprint, ...(denial && denialView(denial)), isShared, ...reach } };
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
