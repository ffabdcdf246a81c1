import { createHash } from 'node:crypto';
import type { Clock } from '../../../shared/clock.js';
import { OAuthError } from '../../../transport/oauth-error.js';

/** Remembers which client assertions were used, so that none is used twice (RFC 7523 §3 item 7). */
export abstract class AssertionReplay {
  /**
   * Remembers `jti` of `clientId` until wall time `untilMs` (milliseconds since the epoch), when the assertion is no
   * longer accepted anyway.
   * @returns whether this was the first use
   * @throws {OAuthError} 503 when it cannot be remembered: then a second use could not be recognised
   */
  abstract use(clientId: string, jti: string, untilMs: number): Promise<boolean>;
}

/** Uses that are remembered for one caller at a time: 160 new assertions a second, each good for ten minutes. */
const DEFAULT_USES_PER_CALLER = 100_000;

/** Uses are forgotten by the minute in which they may be. */
const MINUTE_MS = 60_000;

/** The uses of one process. Each caller has its own bounded share, so that none can make another's be forgotten. */
export class MemoryAssertionReplay extends AssertionReplay {
  private readonly callers = new Map<string, UsesOfCaller>();

  constructor(
    private readonly clock: Clock,
    private readonly usesPerCaller = DEFAULT_USES_PER_CALLER,
  ) {
    super();
  }

  override use(clientId: string, jti: string, untilMs: number): Promise<boolean> {
    const uses = this.callers.get(clientId) ?? new UsesOfCaller(this.usesPerCaller);
    this.callers.set(clientId, uses);
    return new Promise((resolve) => {
      resolve(uses.add(jti, untilMs, this.clock.wallMs()));
    });
  }
}

class UsesOfCaller {
  /** Last minute in which a use counts, to the digests of `jti`. Few: assertions live for minutes. */
  private readonly minutes = new Map<number, Set<string>>();

  constructor(private readonly capacity: number) {}

  add(jti: string, untilMs: number, nowMs: number): boolean {
    this.forgetBefore(Math.floor(nowMs / MINUTE_MS));
    const digest = createHash('sha256').update(jti).digest('base64url');
    const sets = [...this.minutes.values()];
    if (sets.some((set) => set.has(digest))) return false;
    if (sets.reduce((sum, set) => sum + set.size, 0) >= this.capacity) throw full();
    this.minuteOf(untilMs).add(digest);
    return true;
  }

  private minuteOf(untilMs: number): Set<string> {
    const minute = Math.floor(untilMs / MINUTE_MS);
    const set = this.minutes.get(minute) ?? new Set();
    this.minutes.set(minute, set);
    return set;
  }

  private forgetBefore(minute: number): void {
    for (const past of this.minutes.keys()) if (past < minute) this.minutes.delete(past);
  }
}

/** Forgetting an older use would let it be replayed: better to refuse the new one for a while. */
function full(): OAuthError {
  return new OAuthError('temporarily_unavailable', 'too many client assertions', {
    detail: 'a caller uses more assertions than are remembered',
    retryAfterSeconds: MINUTE_MS / 1000,
  });
}
