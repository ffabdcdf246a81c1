/** How much is remembered. */
export interface RecentUsesLimits {
  /** Uses altogether. */
  readonly total: number;
  /** Uses of one user. */
  readonly perUser: number;
  /** Uses are forgotten together with others of so many milliseconds. */
  readonly slotMs: number;
}

/** On one clock, in milliseconds. */
export interface UseTimes {
  /** Until when a use counts. */
  readonly untilMs: number;
  readonly nowMs: number;
}

interface Slot {
  readonly names: Set<string>;
  readonly users: Map<string, number>;
}

/**
 * What was used and must not be used again until a time at which it is no longer good anyway. Nothing is forgotten before its
 * time: where there is no more room, that is the answer, because what is forgotten could be used again.
 */
export class RecentUses {
  /** Number of the time slot in which a use may be forgotten, to the uses of that slot. Few: what is used lives for minutes. */
  private readonly slots = new Map<number, Slot>();

  constructor(private readonly limits: RecentUsesLimits) {}

  /** Uses that are remembered. */
  sizeAt(nowMs: number): number {
    this.forgetBefore(Math.floor(nowMs / this.limits.slotMs));
    return this.slotsNow.reduce((sum, { names }) => sum + names.size, 0);
  }

  /**
   * Remembers a use.
   * @param user whose share of the room it takes
   * @returns whether it is the first one, or `full`
   */
  add(name: string, user: string, { untilMs, nowMs }: UseTimes): 'first' | 'repeated' | 'full' {
    const size = this.sizeAt(nowMs);
    const slots = this.slotsNow;
    if (slots.some(({ names }) => names.has(name))) return 'repeated';
    const ofUser = slots.reduce((sum, { users }) => sum + (users.get(user) ?? 0), 0);
    if (size >= this.limits.total || ofUser >= this.limits.perUser) return 'full';
    const { names, users } = this.slotOf(untilMs);
    names.add(name);
    users.set(user, (users.get(user) ?? 0) + 1);
    return 'first';
  }

  private get slotsNow(): readonly Slot[] {
    return [...this.slots.values()];
  }

  private slotOf(untilMs: number): Slot {
    const number = Math.floor(untilMs / this.limits.slotMs);
    const slot = this.slots.get(number) ?? { names: new Set(), users: new Map() };
    this.slots.set(number, slot);
    return slot;
  }

  private forgetBefore(slot: number): void {
    for (const past of this.slots.keys()) if (past < slot) this.slots.delete(past);
  }
}
