import type { CallerDirectory } from '../callers/registration/caller-directory.js';
import { FailedAttempts } from '../callers/limits/failed-attempts.js';
import type { Introspector } from '../introspection/introspector.js';
import type { DenyList } from '../revocation/deny-list.js';
import type { Clock } from '../shared/clock.js';
import type { Audit } from '../telemetry/audit.js';
import { AdminAuthenticator } from './admin-authenticator.js';
import { AdminTokens } from './admin-tokens.js';
import { Explainer } from './explain/explainer.js';
import { Fleet } from './fleet.js';
import { IssuerAdministration } from './issuer-administration.js';
import { IssuerOverview } from './issuer-overview.js';
import type { IssuerSide } from './issuer-side.js';
import type { ReplicaStates } from './replica-states.js';

/** What {@link AdminDesk} is made of. */
export interface AdminDeskParts {
  /** The issuers of tokens. */
  readonly tokens: IssuerSide;
  /** The callers as issuers of their own assertions. */
  readonly assertions: IssuerSide;
  readonly denials: DenyList;
  /** What is watched when a verdict is explained. */
  readonly introspector: Introspector;
  readonly callers: CallerDirectory;
  readonly states: ReplicaStates;
  /** Name of this replica. */
  readonly replica: string;
  readonly clock: Clock;
  readonly audit: Audit;
}

/** Everything behind the admin API, put together; Nest only makes routes of it. */
export class AdminDesk {
  readonly tokens = new AdminTokens();
  readonly door: AdminAuthenticator;
  readonly administration: IssuerAdministration;
  readonly overview: IssuerOverview;
  readonly explainer: Explainer;
  private readonly fleet: Fleet;

  constructor(parts: AdminDeskParts) {
    const { tokens, assertions, denials, states, replica, introspector, callers, clock, audit } = parts;
    const sides = [tokens, assertions];
    this.door = new AdminAuthenticator(this.tokens, new FailedAttempts(clock), audit);
    this.fleet = new Fleet({ replica, states, sides, clock });
    this.administration = new IssuerAdministration({ sides, denials, clock, audit });
    this.overview = new IssuerOverview({
      tokens,
      administration: this.administration,
      denials,
      fleet: this.fleet,
      clock,
    });
    const freshnessOf = tokens.keys.freshnessOf.bind(tokens.keys);
    this.explainer = new Explainer({
      introspector,
      callers,
      issuers: tokens.issuers,
      freshnessOf,
      denials,
      clock,
      audit,
    });
  }

  /** Begins to tell other replicas how this one stands. */
  start(): void {
    this.fleet.start();
  }

  async stop(): Promise<void> {
    await this.fleet.stop();
  }
}
