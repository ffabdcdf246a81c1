import type { Plan } from './plan.js';
import { Trouble } from './trouble.js';
import type { Asked, Checker, World } from './world.js';

const second = 1_000;
/** The longest backoff of replicas that decide alone, and what a fetch takes: by then each has seen that an issuer is back. */
const REMEMBERED_MS = 130 * second;
/** By then the schedule or an unknown key has met an issuer that fails, whatever was spent before. */
const NOTICED_MS = 65 * second;

/** Invariants about what requests are told. */
export function answerInvariants(plan: Plan): readonly Checker[] {
  return [new NoVerdictWithoutKeys(), new UndeterminedAfterFailures(), new NoGuessDuringOutages(plan)];
}

function about({ answer, key, replica }: Asked): string {
  return `${answer} for ${key} at replica ${replica.id}`;
}

class NoVerdictWithoutKeys implements Checker {
  readonly name = 'I17 no verdict without keys, no outage with them';

  check({ asked }: World): string | undefined {
    for (const one of asked) {
      const { answer, wasTrusted, isTrusted } = one;
      if (answer === 'unavailable' && wasTrusted && isTrusted) return `${about(one)}, which has keys`;
      if (answer !== 'unavailable' && !wasTrusted && !isTrusted) return `${about(one)}, which has none`;
    }
    return undefined;
  }
}

/** A key is undetermined for a reason: the issuer failed, or is too slow for a request to wait for it. */
class UndeterminedAfterFailures implements Checker {
  readonly name = 'I17 a key is undetermined after failures alone';

  check({ asked, issuers, plan }: World): string | undefined {
    const unusual = plan.linkFaults.length + plan.pauses.length + plan.restarts.length + plan.shocks.length;
    // Without them an answer that is missing is one that the issuer did not give.
    if (unusual > 0) return undefined;
    for (const one of asked.filter(({ answer }) => answer === 'undetermined')) {
      const sinceMs = one.fromMs - REMEMBERED_MS;
      const hasFailed = issuers[one.issuer].starts.some(
        ({ atMs, mood }) => atMs > sinceMs && mood !== 'up' && mood !== 'lagging' && mood !== 'truncated',
      );
      if (!hasFailed) return `${about(one)}, whose issuer answers`;
    }
    return undefined;
  }
}

/** A token of a key that may have been published during an outage is not called bad. */
class NoGuessDuringOutages implements Checker {
  readonly name = 'I17 no key is called unknown while its issuer fails';
  private readonly otherTrouble: Trouble;

  constructor(private readonly plan: Plan) {
    this.otherTrouble = new Trouble({ ...plan, moods: [] });
  }

  check({ asked }: World): string | undefined {
    const wrong = asked.find((one) => one.answer === 'unknown' && one.issuer === 'stormy' && this.isInOutage(one));
    return wrong && about(wrong);
  }

  private isInOutage({ fromMs, untilMs }: Asked): boolean {
    const sinceMs = fromMs - NOTICED_MS;
    const isDown = this.plan.moods.some(
      (interval) =>
        (interval.mood === 'down' || interval.mood === 'garbage') &&
        interval.fromMs <= sinceMs &&
        interval.toMs > untilMs,
    );
    return isDown && this.otherTrouble.isNoneAnywhere({ fromMs: sinceMs - 10 * second, toMs: untilMs });
  }
}
