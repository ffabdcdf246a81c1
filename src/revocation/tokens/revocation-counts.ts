import { revocationKinds, type RevocationKind } from './revocation.js';

/** How many decisions there are of each issuer and kind: most requests need to know no more. */
export class RevocationCounts {
  private readonly byIssuer = new Map<string, Record<RevocationKind, number>>();

  /** `undefined`: there never was one. */
  of(issuerId: string): Readonly<Record<RevocationKind, number>> | undefined {
    return this.byIssuer.get(issuerId);
  }

  add(issuerId: string, kind: RevocationKind, by: 1 | -1): void {
    const counts = this.byIssuer.get(issuerId) ?? none();
    counts[kind] += by;
    this.byIssuer.set(issuerId, counts);
  }

  /** Of all kinds. */
  totalOf(issuerId: string): number {
    const counts = this.byIssuer.get(issuerId);
    return counts ? revocationKinds.reduce((sum, kind) => sum + counts[kind], 0) : 0;
  }

  entries(): Iterable<readonly [string, Readonly<Record<RevocationKind, number>>]> {
    return this.byIssuer;
  }
}

function none(): Record<RevocationKind, number> {
  return { token: 0, session: 0, subject: 0, client: 0, issuer: 0 };
}
