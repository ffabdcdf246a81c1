import { createHash } from 'node:crypto';
import type { Clock } from '../../../shared/clock.js';
import { RecentUses } from '../../../shared/recent-uses.js';
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
  private readonly callers = new Map<string, RecentUses>();

  constructor(
    private readonly clock: Clock,
    private readonly usesPerCaller = DEFAULT_USES_PER_CALLER,
  ) {
    super();
  }

  override use(clientId: string, jti: string, untilMs: number): Promise<boolean> {
    const { usesPerCaller: total } = this;
    const uses = this.callers.get(clientId) ?? new RecentUses({ total, perUser: total, slotMs: MINUTE_MS });
    this.callers.set(clientId, uses);
    const digest = createHash('sha256').update(jti).digest('base64url');
    const use = uses.add(digest, '', { untilMs, nowMs: this.clock.wallMs() });
    return use === 'full' ? Promise.reject(full()) : Promise.resolve(use === 'first');
  }
}

/** Forgetting an older use would let it be replayed: better to refuse the new one for a while. */
function full(): OAuthError {
  return new OAuthError('temporarily_unavailable', 'too many client assertions', {
    detail: 'a caller uses more assertions than are remembered',
    retryAfterSeconds: MINUTE_MS / 1000,
  });
}
