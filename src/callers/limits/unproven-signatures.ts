import { LRUCache } from 'lru-cache';
import type { Issuer } from '../../issuers/issuer.js';
import { NestedQueue } from '../../shared/nested-queue.js';
import { Rejection } from '../../tokens/rejection.js';
import type { UnverifiedJwt } from '../../tokens/unverified-jwt.js';
import { verifySignature } from '../../tokens/verify-signature.js';
import { OAuthError } from '../../transport/oauth-error.js';
import type { SignatureChecker } from '../../verification/signature-checks.js';
import { networkOf } from '../../transport/network-of.js';

/**
 * Signatures under way are a few milliseconds of work for the threads of the runtime, however large the keys are; they come on top of
 * those of the tokens that callers ask about, which wait elsewhere. What waits is a request that holds its token.
 */
const limits = { running: 16, waiting: 1_000 };

/** Callers at sources that are remembered to have signed well; the one not seen for longest is forgotten. */
const KNOWN_PAIRS = 10_000;

/** Which registered caller a token claims to come from; not verified. */
type ClaimedCaller = (issuer: Issuer, jwt: UnverifiedJwt) => string | undefined;

/**
 * Checks the signatures by which callers say who they are. Anybody may send one, and each costs work. So sources take turns, and at
 * one source the registered callers: a crowd of forged ones delays those that claim to be the same caller at the same address, and
 * nobody is refused for it before the queue is full. A caller that has signed well at a source waits apart from all others,
 * however many addresses they have.
 */
export class UnprovenSignatures {
  private readonly unproven = new NestedQueue(limits);
  private readonly known = new NestedQueue(limits);
  /** Only who has the key of a registered caller gets in. */
  private readonly pairs = new LRUCache<string, true>({ max: KNOWN_PAIRS });

  /** Checks what comes from `source`. @returns a checker that throws {@link OAuthError} 503 where too many wait */
  from(source: string, callerOf: ClaimedCaller): SignatureChecker {
    const network = networkOf(source);
    return {
      verify: async (issuer, jwt, keys, witness) => {
        const caller = callerOf(issuer, jwt) ?? '';
        const pair = `${network} ${caller}`;
        const queue = this.pairs.get(pair) ? this.known : this.unproven;
        const verdict = await queue.run(network, caller, () => verifySignature(jwt, keys, witness), crowded);
        if (caller !== '' && !(verdict instanceof Rejection)) this.recognise(pair, network, caller);
        return verdict;
      },
    };
  }

  /** What this caller sent from there before, while nothing of it was proven, comes next: the first good signature speaks for the others. */
  private recognise(pair: string, network: string, caller: string): void {
    this.pairs.set(pair, true);
    this.unproven.favour(network, caller);
  }
}

function crowded(): OAuthError {
  return new OAuthError('temporarily_unavailable', 'too many credentials are being checked', { retryAfterSeconds: 1 });
}
