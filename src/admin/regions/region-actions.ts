import { RedisUnavailable } from '../../redis/redis-link.js';
import type { Audit } from '../../telemetry/audit.js';
import { AdminProblem, type ProblemCode } from '../admin-problem.js';
import { auditedAs, type Admin } from '../admin-tokens.js';
import type { DenialInput } from '../inputs.js';
import type { IssuerAdministration } from '../issuer-administration.js';
import type { ReachAnswer } from '../reach-answer.js';
import type { RevocationAdministration } from '../revocation-administration.js';
import type { RevocationInput } from '../revocation-inputs.js';
import type { RegionClient, RegionQuestion } from './region-client.js';
import { noAnswer, outcomeIn, reachIn, type RegionOutcome } from './region-outcome.js';
import type { Regions } from './regions.js';
import type { AdminRegionTerms } from './region-terms.js';

type Json = Readonly<Record<string, unknown>>;

/** What {@link RegionActions} works with. */
export interface RegionActionsParts {
  readonly issuers: Pick<IssuerAdministration, 'deny' | 'allow'>;
  readonly revocations: Pick<RevocationAdministration, 'revoke'>;
  readonly regions: Pick<Regions, 'others' | 'ownName'>;
  readonly client: RegionClient;
  readonly audit: Pick<Audit, 'record'>;
}

/** What is done in a region, and how others are asked for it. */
interface RegionAction {
  /** For the audit trail. */
  readonly word: 'deny' | 'allow' | 'revoke';
  readonly admin: Admin;
  readonly issuer: string;
  readonly run: () => Promise<Json>;
  readonly question: RegionQuestion;
}

/** Refusals that are about this region alone: the other regions are asked all the same. */
const ownAlone: ReadonlySet<ProblemCode> = new Set([
  'key_not_denied',
  'key_denied_by_configuration',
  'revocation_full',
  'store_unavailable',
]);

const notEverywhere =
  'some region has not done it, or does not say by when it holds at all of its replicas: see the outcome of each region. Nothing is repeated by itself: send it again when every region can be reached';

/** Denies, allows and revokes in every region with one call. This region is first: where it refuses the request itself, no other one is asked. */
export class RegionActions {
  constructor(private readonly parts: RegionActionsParts) {}

  /** @throws {AdminProblem} where nothing was done anywhere */
  deny(admin: Admin, issuer: string, input: DenialInput): Promise<ReachAnswer> {
    const { thumbprint, reason, until } = input;
    return this.everywhere({
      word: 'deny',
      admin,
      issuer,
      run: async () => (await this.parts.issuers.deny(admin, issuer, input)).body,
      question: { method: 'POST', path: denialPath(issuer, thumbprint), body: { reason, until } },
    });
  }

  /** @throws {AdminProblem} where nothing was done anywhere */
  allow(admin: Admin, issuer: string, thumbprint: string): Promise<ReachAnswer> {
    return this.everywhere({
      word: 'allow',
      admin,
      issuer,
      run: async () => {
        await this.parts.issuers.allow(admin, issuer, thumbprint);
        return {};
      },
      question: { method: 'DELETE', path: denialPath(issuer, thumbprint) },
    });
  }

  /** @throws {AdminProblem} where nothing was done anywhere */
  revoke(admin: Admin, issuer: string, input: RevocationInput): Promise<ReachAnswer> {
    const { kind, value, before, reason, until, tenant } = input;
    return this.everywhere({
      word: 'revoke',
      admin,
      issuer,
      run: async () => (await this.parts.revocations.revoke(admin, issuer, input)).body,
      question: {
        method: 'POST',
        path: `issuers/${encodeURIComponent(issuer)}/revocations`,
        body: { kind, value, before, reason, until, tenant },
      },
    });
  }

  private async everywhere(action: RegionAction): Promise<ReachAnswer> {
    const { regions } = this.parts;
    const own = await this.here(action);
    const others = await Promise.all(regions.others.map((region) => this.there(region, action)));
    const outcomes = [own, ...others];
    const isDone = outcomes.every(({ outcome }) => outcome === 'done');
    const isPromised =
      isDone &&
      (action.word === 'allow' || outcomes.every(({ effectiveWithinSeconds }) => effectiveWithinSeconds !== undefined));
    return {
      isPromised,
      body: {
        issuer: action.issuer,
        isDoneEverywhere: isDone,
        isRepeated: false,
        ...(!isPromised && { detail: notEverywhere }),
        regions: outcomes,
      },
    };
  }

  private async here({ run }: RegionAction): Promise<RegionOutcome> {
    const own = { name: this.parts.regions.ownName, isOwn: true } as const;
    try {
      return { ...own, outcome: 'done', ...reachIn(await run()) };
    } catch (error) {
      if (error instanceof RedisUnavailable) return { ...own, outcome: 'failed', code: 'store_unavailable' };
      if (!(error instanceof AdminProblem) || !ownAlone.has(error.code)) throw error;
      return { ...own, outcome: error.status < 500 ? 'refused' : 'failed', code: error.code };
    }
  }

  private async there(
    region: AdminRegionTerms,
    { word, admin, issuer, question }: RegionAction,
  ): Promise<RegionOutcome> {
    const { client, audit } = this.parts;
    const outcome = await client.ask(region, question).then(
      (answer) => outcomeIn(region.name, answer),
      (error: unknown) => noAnswer(region.name, error),
    );
    const result = outcome.code ?? outcome.category ?? outcome.outcome;
    audit.record('admin_in_region', { ...auditedAs(admin), what: word, issuer, peer: region.name, result });
    return outcome;
  }
}

function denialPath(issuer: string, thumbprint: string): string {
  return `issuers/${encodeURIComponent(issuer)}/keys/${thumbprint}/deny`;
}
