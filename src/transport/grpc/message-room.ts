/** What one call occupies of a {@link MessageRoom}. */
export interface MessagePlace {
  /** @param bytes all that the call occupies now; may end this call, or another one */
  occupy(bytes: number): void;
  /** Nothing any more. */
  leave(): void;
}

interface Occupant {
  bytes: number;
  readonly refuse: () => void;
}

/**
 * Bounds what the unfinished messages of all calls occupy together. Where there would be too much, one of the calls that
 * occupy most is refused: whoever fills the room leaves it first, and short messages always find a place.
 */
export class MessageRoom {
  /** Occupants by the binary order of their size: one of the largest is found without a search through all. */
  private readonly bySize: readonly Set<Occupant>[] = Array.from({ length: 33 }, () => new Set());
  private occupied = 0;

  /** @param bytes that all calls may occupy together */
  constructor(private readonly bytes: number) {}

  /** @param refuse ends the call; it must leave */
  place(refuse: () => void): MessagePlace {
    const occupant: Occupant = { bytes: 0, refuse };
    return {
      occupy: (bytes) => {
        this.change(occupant, bytes);
        while (this.occupied > this.bytes) this.refuseLargest();
      },
      leave: () => {
        this.change(occupant, 0);
      },
    };
  }

  private change(occupant: Occupant, bytes: number): void {
    this.setOf(occupant).delete(occupant);
    this.occupied += bytes - occupant.bytes;
    occupant.bytes = bytes;
    if (bytes > 0) this.setOf(occupant).add(occupant);
  }

  private refuseLargest(): void {
    const [largest] = this.bySize.findLast(({ size }) => size > 0) ?? [];
    if (!largest) return;
    largest.refuse();
    this.change(largest, 0);
  }

  private setOf({ bytes }: Occupant): Set<Occupant> {
    const found = this.bySize[32 - Math.clz32(bytes)];
    if (!found) throw new RangeError('a size is 32 bits at most');
    return found;
  }
}
