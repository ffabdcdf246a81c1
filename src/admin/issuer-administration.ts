import type { Issuer } from '../issuers/issuer.js';
import type { RefreshOutcome } from '../keys/refresh/fetch-history.js';
import type { DenyList } from '../revocation/deny-list.js';
import type { ManagedIssuers } from '../keys/key-managers.js';
import type { AuditAction } from '../telemetry/audit.js';
import type { Host } from '../telemetry/host.js';
import { AdminProblem, retryLater } from './admin-problem.js';
import type { Admin } from './admin-tokens.js';
import { readDenial, requireThumbprint } from './denial-request.js';
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

/** What operators change about issuers. Everything that was asked for is written down with how it ended. */
export class IssuerAdministration {
  constructor(
    private readonly managed: readonly ManagedIssuers[],
    private readonly denials: DenyList,
    private readonly host: Pick<Host, 'clock' | 'audit'>,
  ) {}

  /** Fetches the issuer's keys now, within its spacing and its backoff. */
  async refresh(admin: Admin, issuerId: string): Promise<Json> {
    return this.audited('admin_refresh', admin, { issuer: issuerId }, async () => {
      const { keys, issuer } = this.find(issuerId);
      const outcome = await keys.refreshNow(issuer);
      if (!outcome) throw new AdminProblem(409, 'keys_not_fetched', 'the configuration itself carries these keys');
      // The words of this API: 'looked', 'failed', `look_refused`.
      if (outcome.outcome === 'fetched') return { issuer: issuerId, outcome: 'looked' };
      if (outcome.outcome === 'failed') return { issuer: issuerId, ...outcome };
      throw retryLater(429, 'look_refused', whyDenied[outcome.verdict], outcome.retryInMs);
    });
  }

  /** Refuses a key from now on, published or not. */
  async deny(admin: Admin, issuerId: string, thumbprint: string, body: Uint8Array | undefined): Promise<DenialAnswer> {
    return this.audited('admin_deny', admin, { issuer: issuerId, thumbprint }, async () => {
      this.find(issuerId);
      const request = readDenial(thumbprint, body, this.host.clock.wallMs());
      const isShared = await this.denials.deny({ issuerId, thumbprint, by: admin.id, ...request });
      const denial = this.denials.denialOf(issuerId, thumbprint);
      const reach = isShared ? { effectiveWithinSeconds: EFFECTIVE_WITHIN_SECONDS } : {};
      return {
        isShared,
        body: { issuer: issuerId, thumbprint, ...(denial && denialView(denial)), isShared, ...reach },
      };
    });
  }

  /** Takes a denial back. */
  async allow(admin: Admin, issuerId: string, thumbprint: string): Promise<void> {
    await this.audited('admin_allow', admin, { issuer: issuerId, thumbprint }, async () => {
      const { issuer } = this.find(issuerId);
      requireThumbprint(thumbprint);
      const reason = 'taken back';
      const wasDenied = await this.denials.allow({ issuerId, thumbprint, reason, by: admin.id });
      if (issuer.deniedKeys.has(thumbprint)) {
        const detail = 'the configuration denies this key: see deniedKeys of the issuer';
        throw new AdminProblem(409, 'key_denied_by_configuration', detail);
      }
      if (!wasDenied) throw new AdminProblem(404, 'key_not_denied', 'this key is not denied');
    });
  }

  /** @throws {AdminProblem} 404 */
  find(issuerId: string): ManagedIssuers & { readonly issuer: Issuer } {
    for (const managed of this.managed) {
      const issuer = managed.issuers.byId(issuerId);
      if (issuer) return { ...managed, issuer };
    }
    throw new AdminProblem(404, 'issuer_unknown', 'there is no issuer with this id');
  }

  private async audited<T>(action: AuditAction, admin: Admin, about: Json, act: () => Promise<T>): Promise<T> {
    const who = { by: admin.id, ...about };
    try {
      const answer = await act();
      this.host.audit.record(action, { ...who, result: 'done' });
      return answer;
    } catch (error) {
      const result = error instanceof AdminProblem ? error.code : 'failed';
      this.host.audit.record(action, { ...who, result });
      throw error;
    }
  }
}
