import type { Issuer } from '../issuers/issuer.js';
import { Rejection } from '../tokens/rejection.js';
import { isAsked, type AskedIssuer } from './asking-way.js';
import type { OpaqueAsker } from './opaque-asker.js';
import { mayBeOpaque } from './opaque-shape.js';

/** By what a token was found to be of an issuer; `jwt`: by its `iss`, where that issuer says `jwt: introspect`. */
export type RouteRule = 'prefix' | 'issuer_hint' | 'caller' | 'jwt';

/** Whom to ask about a token, and by which rule. */
export interface OpaqueRoute {
  readonly issuer: AskedIssuer;
  readonly rule: RouteRule;
}

/**
 * Finds the one issuer that an opaque token is of, before anything is sent anywhere. Whoever gets a token can use it: so there is no
 * guess, no second attempt with another issuer, and where rules do not agree nobody gets it.
 */
export class OpaqueRoutes {
  private issuers: readonly AskedIssuer[] = [];

  /** From the next token on, these are the issuers. */
  replace(issuers: readonly Issuer[]): void {
    this.issuers = issuers.filter(isAsked).filter(({ opaque }) => opaque.way.kind === 'introspection');
  }

  /** Whether there is any issuer of opaque tokens. */
  get isEmpty(): boolean {
    return this.issuers.length === 0;
  }

  /** @returns whom to ask; or why nobody is asked */
  find(token: string, asker: OpaqueAsker): OpaqueRoute | Rejection {
    if (!mayBeOpaque(token)) return unroutable('not the spelling of an opaque token, or like a JWT');
    const owner = this.issuers.find(({ opaque }) => begins(token, opaque.match.prefix));
    if (!owner) return this.findByRequest(token, asker);
    if (asker.hint !== undefined && asker.hint !== owner.id) return unroutable('prefix and issuer_hint differ');
    // Its prefix is enough to know whose it would be: with another length it is nobody's, not somebody else's.
    return this.granted({ issuer: owner, rule: 'prefix' }, token, asker);
  }

  private findByRequest(token: string, asker: OpaqueAsker): OpaqueRoute | Rejection {
    const granted = this.issuers.filter((issuer) => asker.mayUse(issuer));
    const isHinted = asker.hint !== undefined;
    const [only, ...others] = isHinted ? granted.filter(({ id }) => id === asker.hint) : granted;
    if (!only)
      return unroutable(isHinted ? 'issuer_hint names no opaque issuer of this caller' : 'no rule is about it');
    if (others.length > 0) return unroutable('no prefix, and the caller has several opaque issuers');
    const { prefix, isFoundByCaller } = only.opaque.match;
    if (prefix !== undefined) return unroutable('it does not begin as the tokens of that issuer');
    if (!isHinted && !isFoundByCaller)
      return unroutable('the opaque issuer of this caller is found by issuer_hint alone');
    return this.granted({ issuer: only, rule: isHinted ? 'issuer_hint' : 'caller' }, token, asker);
  }

  private granted(route: OpaqueRoute, { length }: string, asker: OpaqueAsker): OpaqueRoute | Rejection {
    const { issuer } = route;
    if (!asker.mayUse(issuer)) return new Rejection('caller_issuer_not_granted').about(issuer.id);
    const [least, most] = issuer.opaque.match.length;
    return length >= least && length <= most ? route : unroutable('too short or too long for its issuer');
  }
}

function begins(token: string, prefix: string | undefined): boolean {
  return prefix !== undefined && token.startsWith(prefix);
}

function unroutable(detail: string): Rejection {
  return new Rejection('opaque_unroutable', detail);
}
