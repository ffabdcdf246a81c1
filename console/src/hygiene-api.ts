// What the admin API answers about hygiene.

/** See docs/governance.md. */
export interface HygieneView {
  readonly watch: {
    readonly since?: string;
    readonly issuers: number;
    readonly callers: number;
    readonly admins: number;
    readonly notWatched?: number;
    readonly isShared?: boolean;
  };
  readonly findings: readonly HygieneFinding[];
  readonly findingCount: number;
  readonly undecided: readonly HygieneFinding[];
  readonly undecidedCount: number;
  readonly seen: readonly SeenIssuer[];
}

/** What an issuer does, beside what it may. */
export interface SeenIssuer {
  readonly issuer: string;
  readonly algorithms: readonly { readonly algorithm: string; readonly lastUse?: string }[];
  readonly longestLifetimeSeconds?: number;
  readonly maxLifetimeSeconds: number;
}

export interface HygieneFinding {
  readonly kind: string;
  readonly says: string;
  readonly firstStep: string;
  readonly issuer?: string;
  readonly caller?: string;
  readonly thumbprint?: string;
  readonly lastUse?: string;
  readonly ends?: string;
}
