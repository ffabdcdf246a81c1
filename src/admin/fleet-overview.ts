import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { DenyList } from '../revocation/deny-list.js';
import type { Host } from '../telemetry/host.js';
import { type FleetView, isLive, type ShownReplica } from './decision-reach.js';
import { reachOf } from './denial-reach.js';
import type { Fleet } from './fleet.js';
import { denialView } from './issuer-view.js';
import { iso } from './time-view.js';
import { textsOf } from './trouble-texts.js';
import { type Trouble, troublesIn } from './troubles.js';

type Json = Readonly<Record<string, unknown>>;

/** What {@link FleetOverview} looks at. */
export interface FleetOverviewParts {
  readonly fleet: Pick<Fleet, 'view' | 'replica'>;
  readonly issuers: Pick<IssuerRegistry, 'all'>;
  readonly denials: Pick<DenyList, 'inForce'>;
  readonly host: Pick<Host, 'clock'>;
}

/** What was found in a fleet. */
export interface FleetFindings {
  readonly view: FleetView;
  /** The worst first. */
  readonly troubles: readonly Trouble[];
  /** Wall time. */
  readonly nowMs: number;
}

/** Most troubles, and most denials, in one answer. */
const MOST_SHOWN = 100;

/** Whether all replicas agree, who does not, and what to do first: the whole fleet in one answer. */
export class FleetOverview {
  constructor(private readonly parts: FleetOverviewParts) {}

  async show(): Promise<Json> {
    const { fleet, issuers } = this.parts;
    const { view, troubles, nowMs } = await this.find();
    const shown = troubles.slice(0, MOST_SHOWN);
    return {
      at: iso(nowMs),
      replica: fleet.replica,
      ...sentenceOf(view, troubles),
      issuers: { total: issuers.all().length, states: this.states(view) },
      replicas: view.replicas.map((each) => replicaView(each, nowMs)),
      ...(view.more > 0 && { more: view.more }),
      troubles: shown.map(troubleView),
      troubleCount: troubles.length,
    };
  }

  /** Every replica, and everything in which they do not agree, or do not do what they should. */
  async find(): Promise<FleetFindings> {
    const { fleet, issuers, denials, host } = this.parts;
    const view = await fleet.view();
    const nowMs = host.clock.wallMs();
    const limits = issuers.all().map(({ id, freshness: { hardTtlMs } }) => ({ id, hardTtlMs }));
    const troubles = troublesIn({ fleet: view, issuers: limits, denials: denials.inForce(), nowMs });
    return { view, troubles, nowMs };
  }

  /** The keys that operators have denied, of all issuers, with the replicas that have confirmed it. The latest first. */
  async denied(): Promise<Json> {
    const { fleet, denials, issuers, host } = this.parts;
    const view = await fleet.view('reach');
    const inForce = denials.inForce().toSorted((one, other) => other.atMs - one.atMs);
    const configured = issuers
      .all()
      .flatMap(({ id, deniedKeys }) =>
        [...deniedKeys].map((thumbprint) => ({ issuer: id, thumbprint, by: 'configuration' })),
      );
    const shown = inForce.slice(0, MOST_SHOWN).map((denial) => ({
      issuer: denial.issuerId,
      thumbprint: denial.thumbprint,
      ...denialView(denial),
      ...reachOf(denial, view, host.clock.wallMs()),
    }));
    return { denials: [...shown, ...configured.slice(0, MOST_SHOWN)], count: inForce.length + configured.length };
  }

  /** How many issuers are in which state, here. */
  private states({ replicas: [own] }: FleetView): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { id } of this.parts.issuers.all()) {
      const state = own?.issuers.get(id)?.state ?? 'UNKNOWN';
      counts[state] = (counts[state] ?? 0) + 1;
    }
    return counts;
  }
}

/** The first thing to read about a fleet. */
export interface FleetSentence {
  readonly isHealthy: boolean;
  readonly sentence: string;
  readonly since?: string;
  readonly firstStep?: string;
  /** The paragraph that says more. */
  readonly runbook?: string;
  /** How many more findings there are. */
  readonly further?: number;
}

/** Says the worst finding, or that there is none. */
export function sentenceOf({ replicas, more }: FleetView, [worst, ...others]: readonly Trouble[]): FleetSentence {
  if (worst) {
    const { says, firstStep, runbook } = textsOf(worst);
    const rest = others.length > 0 ? { further: others.length } : {};
    return { isHealthy: false, sentence: says, ...since(worst), firstStep, runbook, ...rest };
  }
  const count = replicas.length + more;
  const regions = new Set(replicas.map(({ region }) => region)).size;
  const where = regions > 1 ? ` in ${regions} regions` : '';
  return {
    isHealthy: true,
    sentence: count === 1 ? 'This replica is well, and knows of no other' : `All ${count} replicas${where} agree`,
  };
}

function troubleView(trouble: Trouble): Json {
  const { kind, issuer, thumbprint, replicas } = trouble;
  return { kind, ...textsOf(trouble), ...since(trouble), issuer, thumbprint, replicas };
}

function since({ sinceMs }: Trouble): { readonly since?: string } {
  return sinceMs === undefined ? {} : { since: iso(sinceMs) };
}

function replicaView(replica: ShownReplica, nowMs: number): Json {
  const { account, region, seenAgoMs, isKnown } = replica;
  return {
    replica: replica.replica,
    ...(region !== '' && { region }),
    seen: iso(nowMs - seenAgoMs),
    ...(isKnown ? !isLive(replica) && { isLost: true } : { isKnown: false }),
    ...(account && {
      version: account.version,
      configuration: { digest: account.configuration, since: iso(account.configuredAtMs) },
      started: iso(account.startedAtMs),
      store: account.store,
      ...(account.clockSkewMs !== undefined && { clockSkewMs: account.clockSkewMs }),
      memoryBytes: account.memoryBytes,
      loopDelayMs: account.loopDelayMs,
    }),
  };
}
