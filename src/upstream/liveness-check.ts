/** Asks the issuer of a JWT whether what it is about still exists, where the registration says `recheck`. */
import type { Issuer } from '../issuers/issuer.js';
import { whenKnown } from '../shared/when-known.js';
import type { Witness } from '../shared/witness.js';
import { Rejection } from '../tokens/rejection.js';
import type { GoodToken } from '../verification/good-token.js';
import { isAsked, type AskedIssuer } from './asking-way.js';
import type { OpaqueAsker } from './opaque-asker.js';
import type { Said } from './read-answer.js';
import { refuseUnreviewable } from './token-review.js';
import { UpstreamUnavailable } from './upstream-failure.js';
import type { UpstreamReporter } from './upstream-reporter.js';
import type { Upstreams } from './upstreams.js';
import type { UpstreamStep } from './upstream-step.js';

/** What {@link LivenessCheck} works with. */
export interface LivenessParts {
  readonly upstreams: Upstreams;
  readonly reporter: UpstreamReporter;
}

/** Whether tokens of an issuer are checked so. */
export function isRechecked(issuer: Issuer): boolean {
  return issuer.opaque?.recheck !== undefined;
}

/** A good token of such an issuer. */
interface Question {
  readonly token: string;
  readonly good: GoodToken;
  readonly issuer: AskedIssuer;
  readonly asker: Pick<OpaqueAsker, 'id'>;
}

/**
 * Asks the issuer of a JWT whether it still holds, after its keys have proven it: keys cannot know that a pod, a session or an account is gone.
 * Only for issuers with `recheck`; a JWT of any other issuer never gets here.
 */
export class LivenessCheck {
  constructor(private readonly parts: LivenessParts) {}

  /**
   * @param good what the keys have proven, and the policy accepted
   * @returns the same, or why it does not hold any more; at once where that is remembered
   * @throws {UpstreamUnavailable} when we cannot know, and `onUnknown` says `refuse`
   */
  check(
    token: string,
    good: GoodToken,
    asker: Pick<OpaqueAsker, 'id'>,
    witness?: Witness<UpstreamStep>,
  ): GoodToken | Rejection | Promise<GoodToken | Rejection> {
    const { issuer, jwt } = good;
    if (!isAsked(issuer) || !isRechecked(issuer)) return good;
    const { way } = issuer.opaque;
    const refusal = way.kind === 'token_review' ? refuseUnreviewable(way, jwt.claims) : undefined;
    if (refusal) witness?.saw({ step: 'recheck', issuer });
    if (refusal) return refusal.ofSigned(jwt).about(issuer.id);
    const said = this.ask({ token, good, issuer, asker }, witness);
    return whenKnown(said, (answer) => {
      if (answer === 'unknown') return good;
      if (answer instanceof Rejection) return answer.ofSigned(jwt);
      return answer.active ? good : new Rejection('opaque_inactive', GONE).ofSigned(jwt).about(issuer.id);
    });
  }

  private ask(
    { token, good: { jwt }, issuer, asker }: Question,
    witness?: Witness<UpstreamStep>,
  ): Said | 'unknown' | Promise<Said | 'unknown'> {
    const { recheck } = issuer.opaque;
    const lifeMs = recheck?.everyMs ?? 0;
    const said = this.parts.upstreams.ask({
      token,
      claims: jwt.claims,
      issuer,
      // Nobody can make such tokens up, so that no caller is charged for them: what bounds them is how many there are.
      asker: { id: asker.id, isFree: true },
      // Its `exp` and its claims are judged with every request, by what the keys have proven.
      keep: () => ({ claims: {}, lifeMs }),
      saw: (origin) => witness?.saw({ step: 'recheck', issuer, origin }),
    });
    if (!(said instanceof Promise) || recheck?.onUnknown !== 'accept') return said;
    return said.catch((error: unknown) => {
      if (!(error instanceof UpstreamUnavailable)) throw error;
      witness?.saw({ step: 'recheck', issuer, isUnknown: true });
      this.parts.reporter.acceptedUnknown(issuer.id);
      return 'unknown';
    });
  }
}

const GONE = 'its keys are good, but its issuer says that it does not hold any more';
