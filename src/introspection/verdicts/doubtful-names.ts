import type { Caller } from '../../callers/caller.js';
import type { NameDoubt } from '../../claims/name-doubt.js';
import { registrationIdOf } from '../../shared/tenant-id.js';
import type { Issuer } from '../../issuers/issuer.js';
import type { JsonObject } from '../../shared/json-value.js';
import type { Logger } from '../../telemetry/logger.js';

/**
 * Warns once of each claim whose name looks like a path and that no token had: a rule for it refuses every token, or none where it
 * permits absence. Costs two comparisons where no name looks like a path.
 */
export class DoubtfulNames {
  /** As many as the configuration has had such names, each with the registration or the caller that it is written for. */
  private readonly warned = new Set<string>();

  constructor(private readonly logger: Logger) {}

  /** Takes notice of a token whose signature was good: what nobody has signed says nothing about the tokens of an issuer. */
  see(claims: JsonObject, { id, doubts }: Pick<Issuer, 'id' | 'doubts'>, { id: caller, require }: Caller): void {
    if (doubts) this.warn(doubts, claims, { issuer: registrationIdOf(id) });
    if (require) for (const { doubt } of require) if (doubt) this.warn([doubt], claims, { caller });
  }

  private warn(doubts: readonly NameDoubt[], claims: JsonObject, about: Readonly<Record<string, string>>): void {
    for (const doubt of doubts) {
      doubt.see(claims);
      if (!doubt.isFounded) continue;
      const { claim, remedy } = doubt;
      const name = JSON.stringify([about, claim]);
      if (this.warned.has(name)) continue;
      this.warned.add(name);
      this.logger.warn({ ...about, claim, remedy }, sentence);
    }
  }
}

const sentence = 'a claim in the configuration looks like a path, and no token has had it';
