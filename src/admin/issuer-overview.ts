/** Shows operators the state of every issuer: its keys here, at each other replica, and in other regions. */
import type { Issuer } from '../issuers/issuer.js';
import type { KeyManager } from '../keys/key-manager.js';
import type { ManagedIssuers } from '../keys/key-managers.js';
import type { DenyList } from '../revocation/deny-list.js';
import type { Host } from '../telemetry/host.js';
import type { Upstreams } from '../upstream/upstreams.js';
import { type FleetView, isKnownLive, isLive, type ShownReplica } from './decision-reach.js';
import type { Fleet } from './fleet.js';
import type { IssuerPageInput } from './inputs.js';
import type { IssuerAdministration } from './issuer-administration.js';
import { issuerView } from './issuer-view.js';
import type { RegionsOverview } from './regions/regions-overview.js';
import { seconds } from './time-view.js';

type Json = Readonly<Record<string, unknown>>;

/** The issuers of tokens, with their keys, and with what knows how asking them about tokens goes. */
interface WatchedIssuers extends ManagedIssuers {
  readonly upstreams: Pick<Upstreams, 'stateOf'>;
}

/** What is known of other replicas and regions: read once for an answer, however many issuers are in it. */
interface SeenElsewhere {
  readonly fleet: FleetView;
  readonly inRegions: ReturnType<RegionsOverview['issuers']>;
}

/** The state of every issuer, here and at every other replica. */
export class IssuerOverview {
  constructor(
    private readonly tokens: WatchedIssuers,
    private readonly administration: IssuerAdministration,
    private readonly denials: DenyList,
    private readonly fleet: Fleet,
    private readonly host: Pick<Host, 'clock'>,
    private readonly regions: Pick<RegionsOverview, 'issuers'>,
  ) {}

  /** One issuer. @throws {AdminProblem} 404 */
  async show(issuerId: string): Promise<Json> {
    const { issuer, keys } = this.administration.find(issuerId);
    const seen = await this.readElsewhere();
    const fleet = this.fleetView(seen.fleet);
    return { ...this.view(issuer, keys, seen), registration: issuer.registration?.(), fleet };
  }

  /** The issuers of tokens in the order of their ids. */
  async list({ after = '', size, search = '', state }: IssuerPageInput): Promise<Json> {
    const { issuers, keys } = this.tokens;
    const seen = await this.readElsewhere();
    const wanted = search.toLowerCase();
    const left = issuers
      .all()
      .filter(({ id, issuer }) => id > after && [id, issuer].some((each) => each.toLowerCase().includes(wanted)))
      .filter(({ id }) => state === undefined || isTroubled(id, seen.fleet));
    const page = left.toSorted((one, other) => (one.id < other.id ? -1 : 1)).slice(0, size);
    return {
      issuers: page.map((issuer) => this.view(issuer, keys, seen)),
      ...(left.length > size && { next: page.at(-1)?.id }),
      fleet: this.fleetView(seen.fleet),
    };
  }

  private async readElsewhere(): Promise<SeenElsewhere> {
    return { fleet: await this.fleet.view(), inRegions: this.regions.issuers() };
  }

  private view(issuer: Issuer, keys: KeyManager, { fleet, inRegions }: SeenElsewhere): Json {
    const freshness = keys.freshnessOf(issuer);
    // Between two configurations: the next question meets the new one.
    if (!freshness) return { id: issuer.id, issuer: issuer.issuer };
    const { denials, host } = this;
    const upstream = this.tokens.upstreams.stateOf(issuer.id);
    const regions = inRegions(issuer.id);
    return {
      ...issuerView({ issuer, freshness, denials, fleet, upstream, nowMs: host.clock.wallMs() }),
      ...(regions.length > 0 && { regions }),
    };
  }

  private fleetView({ replicas, isKnown, isNamed, more, isComplete }: FleetView): Json {
    const lost = replicas.filter((each) => each.isKnown && !isLive(each));
    const behind = replicas.filter((each) => isKnownLive(each) && each.isBehind === true);
    const unknown = replicas.filter((each) => !each.isKnown);
    const forgetAfterSeconds = seconds(this.fleet.forgetAfterMs);
    return {
      replica: this.fleet.replica,
      replicas: replicas.map(({ replica }) => replica),
      isComplete,
      ...(lost.length > 0 && { lost: lost.map(lastSeen), forgetAfterSeconds }),
      ...(behind.length > 0 && { behind: behind.map(lastSeen) }),
      ...(unknown.length > 0 && { unknown: unknown.map(lastSeen) }),
      ...(more > 0 && { more }),
      ...(!isComplete && { detail: isKnown ? someLost : isNamed ? notKnownNow : neverKnown }),
    };
  }
}

const someLost = 'what lost replicas do is not known: they may accept what is denied';
const notKnownNow =
  'the shared store does not answer: the other replicas are those that were last read, and what they do now is not known';
const neverKnown = 'the shared store has not answered since the start: only this replica can be named';

/** Whether its keys are not as they should be at some replica of which that is known, or are others than elsewhere. */
function isTroubled(id: string, { replicas }: FleetView): boolean {
  const states = replicas.filter(isKnownLive).flatMap((each) => each.issuers.get(id) ?? []);
  return (
    states.some(({ state }) => state !== 'FRESH' && state !== 'DUE') ||
    new Set(states.map(({ digest }) => digest)).size > 1
  );
}

function lastSeen({ replica, region, seenAgoMs }: ShownReplica): Json {
  return { replica, region, lastSeenAgoSeconds: seconds(seenAgoMs) };
}
