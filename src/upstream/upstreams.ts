import type { Issuer } from '../issuers/issuer.js';
import type { JsonObject } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import { AnswerMemory } from './answer-memory.js';
import { AskingBudget } from './asking-budget.js';
import { isAsked, type AskedIssuer, type AskedToken, type AskingWay } from './asking-way.js';
import { IntrospectionEndpoint, type IntrospectionEndpointParts } from './introspection-endpoint.js';
import type { OpaqueAsker } from './opaque-asker.js';
import type { Said } from './read-answer.js';
import { TokenReview } from './token-review.js';
import { Upstream, type UpstreamParts } from './upstream.js';
import type { UpstreamState } from './upstream-history.js';
import type { AnswerOrigin } from './upstream-step.js';

/** What {@link Upstreams} works with. */
export type UpstreamsParts = UpstreamParts & IntrospectionEndpointParts;

/** A question about one token. */
export interface TokenQuestion extends AskedToken {
  readonly issuer: AskedIssuer;
  readonly asker: Pick<OpaqueAsker, 'id' | 'isFree'>;
  /** What is remembered of the answer that it is good, and for how many milliseconds. */
  readonly keep: (claims: JsonObject) => { readonly claims: JsonObject; readonly lifeMs: number };
  /** Is told where the answer comes from, before there is one. */
  readonly saw: (origin: AnswerOrigin) => void;
}

/** The issuers that are asked about tokens, and what they have just said. */
export class Upstreams {
  private readonly budget: AskingBudget;
  private readonly memory: AnswerMemory;
  private byId: ReadonlyMap<string, Upstream> = new Map();
  /** Written once for each registration, since every token needs it. */
  private readonly sources = new WeakMap<AskedIssuer, string>();

  constructor(private readonly parts: UpstreamsParts) {
    const { clock, reporter } = parts;
    this.budget = new AskingBudget(clock, (caller) => {
      reporter.limited(caller);
    });
    this.memory = new AnswerMemory(clock, undefined, (kind) => {
      reporter.displaced(kind);
    });
  }

  /** From the next token on, these are the issuers. Answers of an issuer that stays as it is are remembered. */
  replace(issuers: readonly Issuer[]): void {
    const before = this.byId;
    this.byId = new Map(
      issuers.filter(isAsked).map((issuer) => [issuer.id, new Upstream(issuer, this.wayTo(issuer), this.parts)]),
    );
    for (const upstream of before.values()) upstream.close();
  }

  /** How asking each issuer goes. */
  states(): readonly ({ readonly id: string } & UpstreamState)[] {
    return [...this.byId].map(([id, upstream]) => ({ id, ...upstream.state() }));
  }

  /** How asking one issuer goes; `undefined` where it is never asked. */
  stateOf(issuerId: string): UpstreamState | undefined {
    return this.byId.get(issuerId)?.state();
  }

  /** How many answers are remembered. */
  get remembered(): AnswerMemory['entries'] {
    return this.memory.entries;
  }

  /** An issuer that is asked about tokens. */
  find(id: string): AskedIssuer | undefined {
    return this.byId.get(id)?.issuer;
  }

  /**
   * @returns at once what is remembered
   * @throws {UpstreamUnavailable} when we cannot know
   * @throws {OAuthError} 429 when this caller has had too many tokens asked about
   */
  ask({ issuer, asker, keep, saw, ...asked }: TokenQuestion): Said | Promise<Said> {
    const { reporter } = this.parts;
    const name = this.nameOf(issuer, asked);
    const known = this.memory.find(name);
    const upstream = this.byId.get(issuer.id);
    const underWay = known ? undefined : upstream?.underWay(name);
    saw(known ? 'memory' : underWay ? 'shared' : 'issuer');
    const spared = known ?? underWay;
    if (spared) {
      reporter.spared(issuer.id, known ? 'memory' : 'shared');
      upstream?.spared();
    }
    if (spared) return spared;
    if (!upstream) throw new TypeError('an issuer that was not prepared');
    if (asker.isFree !== true) this.budget.charge(asker.id);
    return upstream.ask(name, asked).then((said) => {
      // What is of no use, such as an answer of somebody else, is no verdict of its issuer.
      if (said instanceof Rejection) return said;
      const { claims, lifeMs } = said.active ? keep(said.claims) : { claims: {}, lifeMs: issuer.opaque.negativeMs };
      const kept = said.active ? { ...said, claims } : said;
      this.memory.remember(name, kept, { caller: asker.id, lifeMs });
      return said;
    });
  }

  /** The next question about this token is asked. */
  forget(issuer: AskedIssuer, asked: AskedToken): void {
    this.memory.forget(this.nameOf(issuer, asked));
  }

  /** No further question follows. */
  close(): void {
    for (const upstream of this.byId.values()) upstream.close();
  }

  private nameOf(issuer: AskedIssuer, { token }: AskedToken): string {
    const source = this.sources.get(issuer) ?? sourceOf(issuer);
    this.sources.set(issuer, source);
    return this.memory.nameOf(source, token);
  }

  private wayTo(issuer: AskedIssuer): AskingWay {
    const { way } = issuer.opaque;
    return way.kind === 'introspection'
      ? new IntrospectionEndpoint(issuer, way, this.parts)
      : new TokenReview(issuer, way, this.parts.requests);
  }
}

/** Whose answers they are, and what for: another issuer, endpoint, client or question may bring another one. */
function sourceOf({ id, issuer, opaque: { way, jwt, recheck } }: AskedIssuer): string {
  const whom =
    way.kind === 'introspection'
      ? [way.endpoint ?? '', way.credentials.clientId, way.isSigned]
      : [way.url, ...way.audiences];
  return JSON.stringify([id, issuer, jwt, recheck !== undefined, way.kind, ...whom]);
}
