import { cutOffKinds, type RevocationKind } from './revocation.js';

/** How many decisions are kept of one issuer, those to allow again included: they need their places until they end. */
export interface Places {
  readonly all: number;
  readonly cutOffs: number;
}

const none: Places = { all: 0, cutOffs: 0 };

/** Who has the places in the list of what was revoked, so that nobody can take those of the others. */
export class TakenPlaces {
  private readonly byIssuer = new Map<string, Places>();

  of(issuerId: string): Places {
    return this.byIssuer.get(issuerId) ?? none;
  }

  add(issuerId: string, kind: RevocationKind, by: 1 | -1): void {
    const { all, cutOffs } = this.of(issuerId);
    this.byIssuer.set(issuerId, { all: all + by, cutOffs: cutOffs + (cutOffKinds.has(kind) ? by : 0) });
  }

  entries(): Iterable<readonly [string, Places]> {
    return this.byIssuer;
  }
}
