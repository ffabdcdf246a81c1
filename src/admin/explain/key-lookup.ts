import type { Issuer } from '../../issuers/issuer.js';
import type { KeyFreshness } from '../../keys/accepted/key-freshness.js';
import type { EntryReport } from '../../keys/source/key-set-account.js';
import type { DenyList } from '../../revocation/deny-list.js';
import type { Clock } from '../../shared/clock.js';
import { maskText } from '../../telemetry/mask.js';
import type { VerificationKey } from '../../tokens/verification-key.js';
import { issuerStateOf } from '../issuer-state.js';
import { accountView, denialView, issuerStateView } from '../issuer-view.js';
import type { StepDetail } from './explanation.js';

/** What {@link KeyLookup} reads. */
export interface KeyLookupParts {
  readonly freshnessOf: (issuer: Issuer) => KeyFreshness | undefined;
  readonly denials: DenyList;
}

/** The state of the keys of an issuer while one token is judged. Only reads, and starts no fetch. */
export class KeyLookup {
  private issuer: Issuer | undefined;
  private before: KeyFreshness | undefined;

  constructor(
    private readonly parts: KeyLookupParts,
    private readonly clock: Clock,
  ) {}

  /** @param keys that fit the header; `undefined` where no key set may be trusted */
  known(issuer: Issuer, keys: readonly VerificationKey[] | undefined): StepDetail {
    return { ...candidatesView(keys), ...keySetView(this.parts.freshnessOf(issuer), this.clock.wallMs()) };
  }

  fetchBegins(issuer: Issuer): void {
    this.issuer = issuer;
    this.before = this.parts.freshnessOf(issuer);
  }

  /** Whether keys were fetched meanwhile, for this token or for others: the budget of the issuer may have allowed no fetch. */
  fetchEnded(keys: readonly VerificationKey[] | undefined): StepDetail {
    const { issuer, before } = this;
    const after = issuer && this.parts.freshnessOf(issuer);
    return {
      look: howFetchWent(before, after),
      ...candidatesView(keys),
      ...keySetView(after, this.clock.wallMs()),
    };
  }

  /** Whose denial it is, where the key is denied. */
  denial({ id, deniedKeys }: Issuer, thumbprint: string): StepDetail {
    const denial = this.parts.denials.denialOf(id, thumbprint);
    if (denial) return { denial: denialView(denial) };
    return deniedKeys.has(thumbprint) ? { denial: { by: 'configuration' } } : {};
  }
}

function howFetchWent(before: KeyFreshness | undefined, after: KeyFreshness | undefined): string {
  if (after?.nextRefreshInMs === undefined) return 'not_possible';
  return after.attemptedAtMs !== before?.attemptedAtMs || after.fence !== before?.fence ? 'made' : 'not_granted';
}

function candidatesView(keys: readonly VerificationKey[] | undefined): StepDetail {
  if (!keys) return {};
  const named = keys.map(({ thumbprint, kid, issuer }) => ({
    thumbprint,
    ...(kid !== undefined && { kid: maskText(kid) }),
    ...(issuer !== undefined && { issuer: maskText(issuer) }),
  }));
  return { candidates: named };
}

function keySetView(freshness: KeyFreshness | undefined, nowMs: number): StepDetail {
  if (!freshness) return {};
  const { keys, dropped, doubted } = freshness;
  const account = accountView({
    ...(dropped && { dropped: dropped.map(masked) }),
    ...(doubted && { doubted: doubted.map(masked) }),
  });
  return { keySet: { ...issuerStateView(issuerStateOf(freshness), nowMs), keys: keys.length, ...account } };
}

function masked({ kids, ...report }: EntryReport): EntryReport {
  return { ...report, kids: kids.map(maskText) };
}
