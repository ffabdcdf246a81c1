import { createHash } from 'node:crypto';
import { setImmediate as pause } from 'node:timers/promises';
import type { Issuer } from '../../issuers/issuer.js';
import type { IssuerRegistry } from '../../issuers/issuer-registry.js';
import { worstState } from '../../keys/worst-freshness.js';
import type { DenyList } from '../../revocation/deny-list.js';
import { subjectOf } from '../../revocation/key-decision.js';
import type { ActiveConfiguration } from '../../shared/configuration/active-configuration.js';
import { version } from '../../shared/package-root.js';
import { isKnownLive, type ShownReplica } from '../decision-reach.js';
import { type FleetOverview, sentenceOf } from '../fleet-overview.js';
import { aged } from '../issuer-state.js';
import { seconds } from '../time-view.js';
import {
  type DeniedKeysReport,
  MOST_DENIED_NAMED,
  MOST_ISSUERS_NAMED,
  type RegionIssuer,
  type RegionReport,
} from './region-report.js';

/** What {@link OwnRegion} looks at. */
export interface OwnRegionParts {
  readonly overview: Pick<FleetOverview, 'find'>;
  readonly issuers: Pick<IssuerRegistry, 'all'>;
  readonly denials: Pick<DenyList, 'inForce'>;
  readonly configuration: Pick<ActiveConfiguration, 'version'>;
  /** This replica. */
  readonly replica: string;
  /** `redis.region`; empty where there is none. */
  readonly region: string;
}

/** Issuers between two pauses: to read so many registrations takes a millisecond or two. */
const BEFORE_PAUSE = 25;

/** This region as it reports itself to others: what its replicas have reported to each other, and nothing of any other region. */
export class OwnRegion {
  /** Digests of registrations. An issuer never changes: a new configuration makes a new one. */
  private readonly registrations = new WeakMap<Issuer, string>();

  constructor(private readonly parts: OwnRegionParts) {}

  get name(): string {
    return this.parts.region;
  }

  async report(): Promise<RegionReport> {
    const { overview, issuers, configuration, replica, region } = this.parts;
    const { view, troubles } = await overview.find();
    const { isHealthy, sentence, firstStep } = sentenceOf(view, troubles);
    const all = issuers.all();
    const live = view.replicas.filter(isKnownLive);
    const named = new Map<string, RegionIssuer>();
    for (const issuer of all.slice(0, MOST_ISSUERS_NAMED)) {
      named.set(issuer.id, this.issuer(issuer, live));
      // Of a new configuration each registration is read anew: tokens are judged in between.
      if (named.size % BEFORE_PAUSE === 0) await pause();
    }
    return {
      region,
      replica,
      version,
      isComplete: view.isComplete,
      isHealthy,
      sentence,
      ...(firstStep !== undefined && { firstStep }),
      configuration: configuration.version.digest,
      replicas: view.replicas.length + view.more,
      live: live.length,
      issuers: named,
      moreIssuers: all.length - named.size,
      deniedKeys: this.deniedKeys(all),
    };
  }

  /** @param live replicas of which it is known what they do, this one first */
  private issuer(issuer: Issuer, live: readonly ShownReplica[]): RegionIssuer {
    const reports = live.flatMap(({ issuers, seenAgoMs }) => {
      const state = issuers.get(issuer.id);
      return state ? [aged(state, seenAgoMs)] : [];
    });
    const ages = reports.flatMap(({ ageMs }) => ageMs ?? []);
    const withKeys = reports.filter(({ state }) => state !== 'COLD');
    return {
      state: worstState(reports.map(({ state }) => state)) ?? 'COLD',
      digest: reports[0]?.digest ?? 'unknown',
      isDiffering: new Set(withKeys.map(({ digest }) => digest)).size > 1,
      ...(ages.length > 0 && { ageSeconds: seconds(Math.max(...ages)) }),
      registration: this.registrationOf(issuer),
    };
  }

  /** How an issuer is reached differs from region to region, and says nothing about its tokens. */
  private registrationOf(issuer: Issuer): string {
    const known = this.registrations.get(issuer);
    if (known !== undefined) return known;
    const judged = Object.entries(issuer.registration?.() ?? {}).filter(([setting]) => setting !== 'network');
    const digest = digestOf(JSON.stringify(judged));
    this.registrations.set(issuer, digest);
    return digest;
  }

  /** Those of operators and those of the configuration: both are refused alike. */
  private deniedKeys(issuers: readonly Issuer[]): DeniedKeysReport {
    const byConfiguration = issuers.flatMap(({ id, deniedKeys }) =>
      [...deniedKeys].map((thumbprint) => subjectOf({ issuerId: id, thumbprint })),
    );
    const all = [...new Set([...byConfiguration, ...this.parts.denials.inForce().map(subjectOf)])].sort();
    const keys = all.length <= MOST_DENIED_NAMED ? new Set(all) : undefined;
    return { count: all.length, digest: digestOf(all.join('\n')), keys };
  }
}

/** 64 bits: enough to see that two differ. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 11);
}
