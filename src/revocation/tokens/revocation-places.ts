/** Remembers where in the log of changes decisions about tokens stand, so that it can be said which replicas have read them. */
import type { Revocation } from './revocation.js';

type About = Pick<Revocation, 'digest' | 'before'>;

/** Places that are remembered one by one: of all others it is known that they come before these. */
const MOST_PLACES = 2_048;

/** The places of the decisions that were found last. */
class LatestPlaces {
  private readonly names: string[] = [];
  private readonly places = new Float64Array(MOST_PLACES);
  private next = 0;
  /** No place that was forgotten comes behind this one. */
  private forgottenTo: number | undefined;

  add(name: string, place: number): void {
    const at = this.next;
    if (this.names[at] !== undefined) this.forgottenTo = Math.max(this.forgottenTo ?? 0, this.places[at] ?? 0);
    this.names[at] = name;
    this.places[at] = place;
    this.next = (at + 1) % MOST_PLACES;
  }

  /** A place up to which a replica has to have read to know this one; `undefined`: it was never found. */
  of(name: string): number | undefined {
    let latest: number | undefined;
    for (const [i, each] of this.names.entries()) {
      if (each === name) latest = Math.max(latest ?? 0, this.places[i] ?? 0);
    }
    return latest ?? this.forgottenTo;
  }
}

/** The places of decisions, in bounded memory: there may be a million. The log is read again now and then, and what it has lost is forgotten. */
export class RevocationPlaces {
  private current = new LatestPlaces();
  private anew: LatestPlaces | undefined;

  /** The log is read from its beginning. */
  began(): void {
    this.anew = new LatestPlaces();
  }

  found(decision: About, place: number): void {
    const name = nameOf(decision);
    this.current.add(name, place);
    this.anew?.add(name, place);
  }

  /** It was read to its end. */
  ended(): void {
    this.current = this.anew ?? this.current;
    this.anew = undefined;
  }

  /** @param decision one that is known, and was read */
  of(decision: About): number | undefined {
    return this.current.of(nameOf(decision));
  }
}

/** One character for each byte: it is made for every entry of the log. */
function nameOf({ digest, before }: About): string {
  const name = digest.toString('latin1');
  return before === 0 ? name : `${name}${before}`;
}
