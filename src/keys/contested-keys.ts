/** Says which of several issuers with one `iss` has a key, and reports the keys that more than one of them publishes. */
import type { Issuer } from '../issuers/issuer.js';
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { KeyFreshness } from './accepted/key-freshness.js';
import type { KeyEvents } from './events/key-events.js';
import type { KeyResolver } from './key-resolver.js';

/** What knows the keys of all issuers. */
interface AllKeys extends Pick<KeyResolver, 'holds'> {
  freshnessOf(issuer: Issuer): KeyFreshness | undefined;
}

/**
 * The first of these issuers that has this key: of issuers with one name, the one whose tokens it signs. Whoever publishes the public
 * key of a neighbour, which anybody can read, gets none of the neighbour's tokens by that.
 */
export function ownerOf(
  namesakes: readonly Issuer[],
  thumbprint: string,
  keys: Pick<KeyResolver, 'holds'>,
): Issuer | undefined {
  return namesakes.find((issuer) => keys.holds(issuer, thumbprint));
}

/** Reports each key that several issuers of one name publish, once for as long as they do. */
export class ContestedKeys {
  /** By the name of the issuers. */
  private readonly reported = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly issuers: IssuerRegistry,
    private readonly keys: AllKeys,
    private readonly events: KeyEvents,
  ) {}

  /** Compares the keys of all issuers that share a name: the configuration has changed. */
  compareAll(): void {
    const names = new Map(this.issuers.all().map((issuer) => [issuer.issuer, issuer]));
    for (const name of this.reported.keys()) if (!names.has(name)) this.reported.delete(name);
    for (const issuer of names.values()) this.compare(issuer);
  }

  /** Compares the keys of the issuers that have this one's name. */
  compare(issuer: Issuer): void {
    const namesakes = this.issuers.namesakes(issuer);
    const before = this.reported.get(issuer.issuer);
    if (namesakes.length === 0 && !before) return;
    const contested = new Set<string>();
    for (const candidate of namesakes) {
      for (const thumbprint of this.acceptedOf(candidate)) {
        const owner = ownerOf(namesakes, thumbprint, this.keys);
        if (!owner || owner.id === candidate.id) continue;
        const pair = JSON.stringify([candidate.id, owner.id, thumbprint]);
        contested.add(pair);
        if (before?.has(pair)) continue;
        this.events.report({ event: 'key_contested', issuerId: candidate.id, ownerId: owner.id, thumbprint });
      }
    }
    this.reported.set(issuer.issuer, contested);
  }

  private acceptedOf(issuer: Issuer): readonly string[] {
    const keys = this.keys.freshnessOf(issuer)?.keys ?? [];
    return keys.map(({ thumbprint }) => thumbprint).filter((thumbprint) => this.keys.holds(issuer, thumbprint));
  }
}
