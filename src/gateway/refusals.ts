import type { ProxiedCaller } from '../callers/proxy-authenticator.js';
import type { TokenScheme } from '../proofs/possession.js';
import type { ProofChecker } from '../proofs/proof-checker.js';
import type { Rejection } from '../tokens/rejection.js';
import type { GoodToken } from '../verification/good-token.js';
import { challenge, errorOf, type ChallengeTerms, type Deny } from './denial.js';

/** How the requests of one profile are refused. */
export class Refusals {
  /** @param scheme under which the token came, where one did */
  constructor(
    private readonly profile: ProxiedCaller,
    private readonly proofs: Pick<ProofChecker, 'nonceFor'>,
    private readonly scheme: TokenScheme | undefined,
  ) {}

  /** No token was presented: the client learns which scopes to ask for, so that one token is enough. */
  noToken(scopes: readonly string[]): Deny {
    const said = scopes.length === 0 ? {} : { scope: scopes.join(' ') };
    return { allowed: false, status: 401, challenge: this.challenge(said), nonce: this.nonce };
  }

  /** The token, or what should prove that it is its client's, is not good. */
  notGood(rejection: Rejection): Deny {
    const error = errorOf(rejection);
    return { allowed: false, status: 401, error, challenge: this.challenge({ error }), nonce: this.nonce, rejection };
  }

  /** The token is good and does not have all of `scopes`. */
  notEnough(scopes: readonly string[], token: GoodToken): Deny {
    const error = 'insufficient_scope';
    const said = this.challenge({ error, scope: scopes.join(' ') });
    return { allowed: false, status: 403, error, challenge: said, token };
  }

  private challenge(said: Pick<ChallengeTerms, 'error' | 'scope'>): string {
    const { scheme, profile } = this;
    return challenge({ ...profile, ...said, scheme, dpopAlgorithms: profile.proofs?.dpop?.algorithms });
  }

  private get nonce(): string | undefined {
    return this.proofs.nonceFor({ id: this.profile.caller.id, terms: this.profile.proofs });
  }
}
