import { revocationKinds, type RevocationKind } from './revocation.js';

/** How many decisions there are of one issuer, of each kind. */
export interface IssuerCounts extends Readonly<Record<RevocationKind, number>> {
  /** Grows with every revocation that comes into force: where it is the same, nothing was revoked meanwhile. */
  readonly generation: number;
}

/** How many decisions there are of each issuer and kind: most requests need to know no more. */
export class RevocationCounts {
  private readonly byIssuer = new Map<string, { -readonly [name in keyof IssuerCounts]: number }>();

  /** `undefined`: there never was one. */
  of(issuerId: string): IssuerCounts | undefined {
    return this.byIssuer.get(issuerId);
  }

  /** @param by 1 where a revocation came into force, also in the place of another one; -1 where one is gone */
  add(issuerId: string, kind: RevocationKind, by: 1 | -1): void {
    const counts = this.byIssuer.get(issuerId) ?? none();
    counts[kind] += by;
    if (by > 0) counts.generation++;
    this.byIssuer.set(issuerId, counts);
  }

  /** What is looked for has changed: what was searched before says nothing any more. */
  beginAnew(): void {
    for (const counts of this.byIssuer.values()) counts.generation++;
  }

  /** Of all kinds. */
  totalOf(issuerId: string): number {
    const counts = this.byIssuer.get(issuerId);
    return counts ? revocationKinds.reduce((sum, kind) => sum + counts[kind], 0) : 0;
  }

  entries(): Iterable<readonly [string, IssuerCounts]> {
    return this.byIssuer;
  }
}

function none(): { -readonly [name in keyof IssuerCounts]: number } {
  return { generation: 0, token: 0, session: 0, subject: 0, client: 0, issuer: 0 };
}
