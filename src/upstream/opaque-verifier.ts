import type { ClaimValidator } from '../claims/claim-validator.js';
import type { ClaimStep } from '../claims/claim-check.js';
import type { Issuer } from '../issuers/issuer.js';
import type { RevocationCheck } from '../revocation/tokens/revocation-check.js';
import type { Clock } from '../shared/clock.js';
import { whenKnown } from '../shared/when-known.js';
import type { Witness } from '../shared/witness.js';
import { Rejection } from '../tokens/rejection.js';
import type { GoodToken } from '../verification/good-token.js';
import type { VerificationStep } from '../verification/verification-step.js';
import { AnswerMemory } from './answer-memory.js';
import { AskingBudget } from './asking-budget.js';
import type { OpaqueAsker } from './opaque-asker.js';
import { OpaqueRoutes, type OpaqueIssuer } from './opaque-routes.js';
import { Upstream, type Said, type UpstreamParts } from './upstream.js';
import type { UpstreamStep } from './upstream-step.js';
import { vouched } from './vouched-answer.js';

/** What {@link OpaqueVerifier} works with. */
export interface OpaqueVerifierParts extends UpstreamParts {
  readonly clock: Clock;
  readonly claims: ClaimValidator;
  readonly revocations: RevocationCheck;
}

type OpaqueWitness = Witness<UpstreamStep | VerificationStep | ClaimStep>;

/** An answer without `exp` may be over at any moment. */
const WITHOUT_EXPIRY_MS = 5_000;

/**
 * Decides whether an opaque token is good: asks the one issuer that a rule finds for it, and holds what that says to everything that the
 * claims of a JWT are held to. Unlike a JWT, such a token is judged with I/O; nothing of that is on the way of a JWT.
 */
export class OpaqueVerifier {
  private readonly routes = new OpaqueRoutes();
  private readonly budget: AskingBudget;
  private readonly memory: AnswerMemory;
  private upstreams: ReadonlyMap<string, Upstream> = new Map();

  constructor(private readonly parts: OpaqueVerifierParts) {
    this.budget = new AskingBudget(parts.clock);
    this.memory = new AnswerMemory(parts.clock);
  }

  /** From the next token on, these are the issuers. Answers of an issuer that stays as it is are remembered. */
  replace(issuers: readonly Issuer[]): void {
    this.routes.replace(issuers);
    const before = this.upstreams;
    this.upstreams = new Map(this.routes.all.map((issuer) => [issuer.id, new Upstream(issuer, this.parts)]));
    for (const upstream of before.values()) upstream.close();
  }

  /** Whether there is any issuer of opaque tokens. */
  get isIdle(): boolean {
    return this.routes.isEmpty;
  }

  /** The issuers, and whether each is not asked for a while. */
  get states(): readonly { readonly id: string; readonly isGivenUp: boolean }[] {
    return [...this.upstreams].map(([id, { isGivenUp }]) => ({ id, isGivenUp }));
  }

  /** What is remembered. */
  get remembered(): AnswerMemory['size'] {
    return this.memory.size;
  }

  /**
   * @param token anything that is no JWT
   * @param witness is shown each step before it decides
   * @returns the token, or why it is not good; at once where nobody has to be asked
   * @throws {UpstreamUnavailable} when we cannot know
   * @throws {OAuthError} 429 when this caller has had too many tokens asked about
   */
  verify(
    token: string,
    asker: OpaqueAsker,
    witness?: OpaqueWitness,
  ): GoodToken | Rejection | Promise<GoodToken | Rejection> {
    const route = this.routes.find(token, asker);
    if (route instanceof Rejection) {
      witness?.saw({ step: 'route' });
      return route;
    }
    const { issuer } = route;
    witness?.saw({ step: 'route', ...route });
    const name = this.memory.nameOf(sourceOf(issuer), token);
    return whenKnown(this.answer(name, { token, issuer, asker }, witness), (said) => {
      if (said instanceof Rejection) return said;
      if (!said.active) return new Rejection('opaque_inactive').about(issuer.id);
      return this.conclude(name, { issuer, jwt: vouched(said.claims) }, witness);
    });
  }

  /** No further question follows. */
  close(): void {
    for (const upstream of this.upstreams.values()) upstream.close();
  }

  private answer(
    name: string,
    { token, issuer, asker }: { readonly token: string; readonly issuer: OpaqueIssuer; readonly asker: OpaqueAsker },
    witness?: OpaqueWitness,
  ): Said | Promise<Said> {
    const known = this.memory.find(name);
    if (known) {
      witness?.saw({ step: 'upstream', issuer, origin: 'memory' });
      this.parts.reporter.spared(issuer.id, 'memory');
      return known;
    }
    const upstream = this.upstreams.get(issuer.id);
    const underWay = upstream?.underWay(name);
    witness?.saw({ step: 'upstream', issuer, origin: underWay ? 'shared' : 'issuer' });
    if (underWay) {
      this.parts.reporter.spared(issuer.id, 'shared');
      return underWay;
    }
    if (!upstream) throw new TypeError('an issuer that was not prepared');
    if (asker.isFree !== true) this.budget.charge(asker.id);
    return upstream.ask(name, token).then((said) => {
      this.remember(name, said, issuer, asker.id);
      return said;
    });
  }

  private remember(
    name: string,
    said: Said,
    { opaque: { positiveMs, negativeMs } }: OpaqueIssuer,
    caller: string,
  ): void {
    // What is of no use, such as an answer of somebody else, is no verdict of its issuer.
    if (said instanceof Rejection) return;
    const lifeMs = said.active ? Math.min(positiveMs, this.leftMs(said.claims['exp'])) : negativeMs;
    this.memory.remember(name, said, { caller, lifeMs });
  }

  /** Time until `exp`; what is no date is refused by the rules for claims, and not remembered. */
  private leftMs(exp: unknown): number {
    if (exp === undefined) return WITHOUT_EXPIRY_MS;
    return typeof exp === 'number' ? exp * 1_000 - this.parts.clock.wallMs() : 0;
  }

  /** Its issuer calls it active: was it revoked here, and what does it say? */
  private conclude(name: string, good: GoodToken, witness?: OpaqueWitness): GoodToken | Rejection {
    const { issuer, jwt } = good;
    // Such a token is known by its id alone: there is no signed text that it could be known by.
    const found = this.parts.revocations.decisionAbout(issuer, { compact: '', claims: jwt.claims });
    witness?.saw({ step: 'revocation', issuer, found });
    if (found) this.memory.forget(name);
    if (found) return new Rejection(`revoked_${found.kind}`).ofSigned(jwt).about(issuer.id);
    witness?.saw({ step: 'claims' });
    const refusal = this.parts.claims.refuse(issuer.policy, jwt, witness);
    return refusal ? refusal.ofSigned(jwt).about(issuer.id) : good;
  }
}

/** Whose answers they are: another issuer, endpoint or client may say something else. */
function sourceOf({ id, issuer, opaque: { endpoint = '', credentials } }: OpaqueIssuer): string {
  return JSON.stringify([id, issuer, endpoint, credentials.clientId]);
}
