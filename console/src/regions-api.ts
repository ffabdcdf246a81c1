// What the admin API says of regions, and of actions in all of them.

/** See docs/admin.md, "All regions". */
export interface RegionsAnswer {
  readonly isComplete: boolean;
  readonly detail: string;
  readonly isHealthy: boolean;
  readonly sentence: string;
  readonly since?: string;
  readonly firstStep?: string;
  readonly runbook?: string;
  /** This one first. */
  readonly regions: readonly RegionView[];
  readonly findings: readonly RegionFindingView[];
  readonly findingCount: number;
}

export interface RegionView {
  readonly name: string;
  readonly isOwn?: true;
  readonly state: 'reachable' | 'unreachable' | 'refused' | 'not_understood';
  readonly category?: string;
  readonly host?: string;
  readonly stage?: string;
  readonly notReachableSince?: string;
  readonly asOf?: string;
  readonly isComplete?: boolean;
  readonly isHealthy?: boolean;
  readonly sentence?: string;
  readonly version?: string;
  readonly configuration?: string;
  readonly replica?: string;
  readonly replicas?: { readonly remembered: number; readonly live: number };
  readonly issuers?: { readonly total: number; readonly states: Readonly<Record<string, number>> };
  readonly deniedKeys?: { readonly count: number };
  readonly differences?: {
    readonly counts: Readonly<Record<string, number>>;
    /** The first ones, each as the issuer's id, a space, and the thumbprint; none of a region that cannot name all that it denies. */
    readonly notDeniedThere?: readonly string[];
    readonly notDeniedHere?: readonly string[];
  };
}

export interface RegionFindingView {
  readonly kind: string;
  readonly region: string;
  readonly says: string;
  readonly firstStep: string;
  readonly runbook: string;
  readonly since?: string;
  readonly about?: readonly string[];
}

/** The keys of an issuer in another region, by its latest report. */
export interface IssuerInRegion {
  readonly region: string;
  readonly isReachable?: false;
  readonly isRegistered?: false;
  readonly asOf?: string;
  readonly state: string;
  readonly digest?: string;
  readonly isDiffering?: true;
  readonly ageSeconds?: number;
}

/** What became of an action in one region. */
export interface RegionOutcomeView {
  readonly name: string;
  readonly outcome: 'done' | 'refused' | 'failed' | 'no_answer';
  readonly effectiveWithinSeconds?: number;
  readonly code?: string;
  readonly category?: string;
}
