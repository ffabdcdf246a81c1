/** So long a proxy may ask again about the request with which a proof was used first, in milliseconds. */
export const ASKED_AGAIN_MS = 5_000;

/** Requests that are remembered at most: 4,000 a second for as long as they count, about 4 MB. */
const MOST_REQUESTS = 20_000;

interface FirstUse {
  readonly request: string;
  readonly atMs: number;
}

/**
 * Remembers for seconds by which request each proof was used first. To forget one too early refuses a second question about it, and
 * lets nothing pass: so where there is no more room, the oldest one is forgotten.
 */
export class RequestsOfUses {
  /** Name of a use to its request, in the order of their times. */
  private readonly uses = new Map<string, FirstUse>();

  constructor(private readonly most = MOST_REQUESTS) {}

  /** Requests that are remembered. */
  get size(): number {
    return this.uses.size;
  }

  /** @param atMs on a clock that never goes back, in milliseconds */
  remember(name: string, request: string, atMs: number): void {
    for (const [oldest, use] of this.uses) {
      if (this.uses.size < this.most && !isOver(use, atMs)) break;
      this.uses.delete(oldest);
    }
    this.uses.set(name, { request, atMs });
  }

  forget(name: string): void {
    this.uses.delete(name);
  }

  /** Whether the first use of a proof was by this request, moments ago. @param nowMs on the clock of {@link remember} */
  isSame(name: string, request: string, nowMs: number): boolean {
    const use = this.uses.get(name);
    return use?.request === request && !isOver(use, nowMs);
  }
}

function isOver({ atMs }: FirstUse, nowMs: number): boolean {
  return nowMs - atMs > ASKED_AGAIN_MS;
}
