import { FailedAttempts } from '../callers/failed-attempts.js';
import type { DenyList } from '../revocation/deny-list.js';
import type { Clock } from '../shared/clock.js';
import type { Audit } from '../telemetry/audit.js';
import { AdminDoor } from './admin-door.js';
import { AdminTokens } from './admin-tokens.js';
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
  readonly states: ReplicaStates;
  /** Name of this replica. */
  readonly replica: string;
  readonly clock: Clock;
  readonly audit: Audit;
}

/** Everything behind the admin API, put together; Nest only makes routes of it. */
export class AdminDesk {
  readonly tokens = new AdminTokens();
  readonly door: AdminDoor;
  readonly administration: IssuerAdministration;
  readonly overview: IssuerOverview;
  private readonly fleet: Fleet;

  constructor({ tokens, assertions, denials, states, replica, clock, audit }: AdminDeskParts) {
    const sides = [tokens, assertions];
    this.door = new AdminDoor(this.tokens, new FailedAttempts(clock), audit);
    this.fleet = new Fleet({ replica, states, sides, clock });
    this.administration = new IssuerAdministration({ sides, denials, clock, audit });
    this.overview = new IssuerOverview({
      tokens,
      administration: this.administration,
      denials,
      fleet: this.fleet,
      clock,
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
