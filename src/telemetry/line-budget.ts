/** Lines with one sentence about one caller that are written in a second. Operators read the first of them; a counter says how many there were. */
const LINES_PER_SECOND = 100;

/** What many lines have in common. */
export interface LineKind {
  readonly sentence: string;
  /** Id of a registered caller, where the line is about one: a flood of one does not hide what others did. */
  readonly caller: string | undefined;
}

/** How many lines of one kind were not written. */
export interface LeftOut extends LineKind {
  readonly lines: number;
}

/** Bounds what clients can make a process write: one that sends thousands of wrong secrets in a second must not fill its disk. */
export class LineBudget {
  private second = NaN;
  /** Lines of this second. Sentences are constants and callers are registered, so there are few kinds. */
  private readonly written = new Map<string, { readonly kind: LineKind; lines: number }>();

  /** @returns whether a line of this kind may still be written in the second that {@link turn} has begun */
  take(kind: LineKind): boolean {
    const key = `${kind.caller ?? ''} ${kind.sentence}`;
    const written = this.written.get(key) ?? { kind, lines: 0 };
    this.written.set(key, written);
    written.lines++;
    return written.lines <= LINES_PER_SECOND;
  }

  /** Begins a new budget where a new second has begun. @returns what was left out in the one before */
  turn(nowMs: number): readonly LeftOut[] {
    const second = Math.floor(nowMs / 1000);
    if (second === this.second) return [];
    this.second = second;
    const leftOut = Array.from(this.written.values(), ({ kind, lines }) => ({
      ...kind,
      lines: lines - LINES_PER_SECOND,
    }));
    this.written.clear();
    return leftOut.filter(({ lines }) => lines > 0);
  }
}
