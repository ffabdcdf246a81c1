import type { Clock } from '../../shared/clock.js';
import type { CallersRedis } from './callers-redis.js';
import { GuessLimit, guessTerms, type Guess } from './guess-limit.js';
import { RedisCommonBudget } from './redis-common-budget.js';

/** Makes the limit of who is called so. */
type LimitFactory = (id: string) => GuessLimit;

/** The limits for guesses at weak secrets, one for each id that has one. Ids come from the configuration, never from a request. */
export class WeakSecrets {
  private readonly limits = new Map<string, GuessLimit>();

  constructor(private readonly limitFor: LimitFactory) {}

  /** Judges an attempt at the weak secrets of `id`, if it may be judged now. */
  judge(id: string, isRight: boolean): Promise<Guess> {
    const limit = this.limits.get(id) ?? this.limitFor(id);
    this.limits.set(id, limit);
    return limit.judge(isRight);
  }

  /** Forgets the limits of all but these. Who stays keeps what was used of its limit. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of this.limits.keys()) if (!ids.has(id)) this.limits.delete(id);
  }
}

/**
 * @param kind whose secrets they are: ids of one kind say nothing about those of another
 * @param redis where replicas share the limits; without it they are of this process
 */
export function composeWeakSecrets(kind: 'caller' | 'admin', clock: Clock, redis?: CallersRedis): WeakSecrets {
  const limit = { perSecond: 1000 / guessTerms.forgiveMs, burst: guessTerms.burst };
  return new WeakSecrets((id) => {
    const common = redis && new RedisCommonBudget(redis, `${kind} ${id}`, limit, undefined, 'guess');
    return new GuessLimit(clock, common);
  });
}
