import type { Bounds } from './bounds.js';
import type { Plan } from './plan.js';
import { issuerIds, type IssuerId, type Replica } from './replica.js';
import type { Trouble } from './trouble.js';
import type { Checker, World } from './world.js';

/** What checkers compare with. */
export interface Terms {
  readonly plan: Plan;
  readonly bounds: Bounds;
  readonly trouble: Trouble;
}

/** Goes over all replicas and issuers. */
export abstract class EachSet implements Checker {
  abstract readonly name: string;

  constructor(protected readonly terms: Terms) {}

  check(world: World): string | undefined {
    for (const replica of world.replicas) {
      for (const issuer of issuerIds) {
        const detail = this.checkSet(world, replica, issuer);
        if (detail !== undefined) return `replica ${replica.id}, ${issuer}: ${detail}`;
      }
    }
    return undefined;
  }

  protected abstract checkSet(world: World, replica: Replica, issuer: IssuerId): string | undefined;
}
