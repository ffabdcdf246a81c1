import type { Caller } from '../../callers/caller.js';
import type { NameDoubt } from '../../claims/name-doubt.js';
import type { Issuer } from '../../issuers/issuer.js';
import type { Logger } from '../../telemetry/logger.js';

/**
 * Warns once of each rule whose claim looks like a path and that no token had: such a rule refuses every token, or none where it
 * permits absence. A rule of a new configuration is a new rule. Costs one comparison where no name looks like a path.
 */
export class DoubtfulNames {
  /** Rules are held by the configuration alone, so that nothing is remembered of one that is gone. */
  private readonly warned = new WeakSet<NameDoubt>();

  constructor(private readonly logger: Logger) {}

  /** To be called when the rules of an issuer have judged a token. */
  judged({ id: issuer, policy: { doubts } }: Pick<Issuer, 'id' | 'policy'>): void {
    if (doubts) this.warn(doubts, { issuer });
  }

  /** To be called when the requirements of a caller have judged a token. */
  required({ id: caller, require }: Caller): void {
    for (const { doubt } of require ?? []) if (doubt) this.warn([doubt], { caller });
  }

  private warn(doubts: readonly NameDoubt[], about: Readonly<Record<string, string>>): void {
    for (const doubt of doubts) {
      if (!doubt.isStanding || this.warned.has(doubt)) continue;
      this.warned.add(doubt);
      const { claim, remedy } = doubt;
      this.logger.warn(
        { ...about, claim, remedy },
        'no token has had the claim of a rule, whose name looks like a path',
      );
    }
  }
}
