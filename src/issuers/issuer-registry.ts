import type { JsonValue } from '../shared/json-value.js';
import type { Issuer } from './issuer.js';

/** What changed when the registered issuers were replaced. An issuer whose key source changed is in `added` and in `removed`. */
export interface IssuerChange {
  readonly added: readonly Issuer[];
  readonly removed: readonly Issuer[];
}

/** An identifier without what is most often wrong about it. */
export function foldedName(iss: string): string {
  return iss.replace(/\/$/, '').toLowerCase();
}

/** The issuers whose tokens we judge. Exact `iss`, or nothing. */
export abstract class IssuerRegistry {
  /** The first issuer of the file whose identifier equals `iss` code point by code point, or `undefined`. */
  abstract find(iss: string): Issuer | undefined;

  /**
   * Where a registered issuer stands, as a number to keep beside a token, so that it need not be found by its name again: it keeps nothing of an old
   * configuration alive. After any change of the registrations nobody has this place. 0: this registry has no places.
   */
  abstract placeOf(issuer: Issuer): number;

  /** The issuer at this place; `undefined` where the registrations have changed since. */
  abstract at(place: number): Issuer | undefined;

  /**
   * The issuer of a token that has no `iss`: the trust domain of which its `sub` is a SPIFFE ID, or else the one whose registration says that
   * its tokens have none; `undefined` where there is none.
   */
  abstract ofNameless(sub: JsonValue | undefined): Issuer | undefined;

  /**
   * All issuers of the name of this one, itself included, in the order of the file; empty where it has its name to itself. Which of
   * them a token is of, only the key that signed it says.
   */
  abstract namesakes(issuer: Issuer): readonly Issuer[];

  /** An issuer whose identifier is `iss` but for a slash at the end and the case of letters. It is not that one: it explains why not. */
  nearly(iss: string): Issuer | undefined {
    const folded = foldedName(iss);
    return this.all().find(({ issuer }) => foldedName(issuer) === folded);
  }

  /** The issuer with this short id, or `undefined`. */
  abstract byId(id: string): Issuer | undefined;

  abstract all(): readonly Issuer[];

  /** Calls `listener` in the same tick as each replacement. */
  abstract onChange(listener: (change: IssuerChange) => void): void;
}
