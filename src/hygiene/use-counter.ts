/** Counts which issuers, keys and rights are used, beside each verdict and at next to no cost. */
import type { Caller } from '../callers/caller.js';
import { registrationOf } from '../issuers/subject-scope.js';
import type { Issuer } from '../issuers/issuer.js';
import type { JsonObject } from '../shared/json-value.js';
import type { RejectionCode } from '../tokens/rejection.js';
import type { VouchedToken } from '../tokens/introspected-token.js';
import { CallerCounter } from './caller-counter.js';
import { RightCounter } from './right-counter.js';

/** What was seen of one issuer. */
export interface IssuerUse {
  /** Thumbprints of the keys that have signed good tokens. */
  readonly keys: ReadonlySet<string>;
  /** Algorithms of their signatures. */
  readonly algorithms: ReadonlySet<string>;
  /** Ids of the callers that good tokens were shown to. */
  readonly callers: ReadonlySet<string>;
  /** The longest time from `iat` to `exp`; 0 where no token says both. */
  readonly longestSeconds: number;
  /** Whether a good token was seen. */
  readonly isUsed: boolean;
}

/** Everything that was seen since it was last taken, by the id of the registration. */
export type SeenUses = ReadonlyMap<string, IssuerUse>;

class CountedIssuer implements IssuerUse {
  readonly keys = new Set<string>();
  readonly algorithms = new Set<string>();
  readonly callers = new Set<string>();
  longestSeconds = 0;
  isUsed = false;
  private latestKey: string | undefined;
  private latestAlgorithm: string | undefined;
  private latestCaller: string | undefined;

  /** A good token of it was seen. As a rule it is of the same key as the one before: then no set is looked into. */
  signed(keyThumbprint: string | undefined, alg: string | undefined): void {
    this.isUsed = true;
    if (keyThumbprint === undefined || (keyThumbprint === this.latestKey && alg === this.latestAlgorithm)) return;
    [this.latestKey, this.latestAlgorithm] = [keyThumbprint, alg];
    this.keys.add(keyThumbprint);
    if (alg !== undefined) this.algorithms.add(alg);
  }

  /** A good token of it was shown to this caller. */
  shownTo(callerId: string): void {
    if (callerId === this.latestCaller) return;
    this.latestCaller = callerId;
    this.callers.add(callerId);
  }
}

/**
 * Notes in memory which issuers, keys and rights are used. Every verdict waits for it, so it is a few lookups, no clock, no I/O.
 * When something was used is the time at which it is taken from here, every few seconds. Its sets have names of the
 * configuration, and thumbprints of keys that issuers publish.
 */
export class UseCounter {
  /** What becomes of what each caller asks. */
  readonly callers = new CallerCounter();
  /** Which audiences and claims each of them uses. */
  readonly rights = new RightCounter();
  private seen = new Map<string, CountedIssuer>();
  /** So that the id of a tenant need not be taken apart for each token. */
  private byIssuer = new WeakMap<Issuer, CountedIssuer>();

  /** A good token was shown to a caller. */
  used(caller: Caller, issuer: Issuer, token: VouchedToken): void {
    this.signed(issuer, token).shownTo(caller.id);
    this.rights.shown(caller, issuer, token.claims);
    this.callers.active(caller.id);
  }

  /** A good token was shown to a caller, or to its proxy, and does not suffice for what was asked. */
  insufficient(caller: Caller, issuer: Issuer, token: VouchedToken): void {
    this.signed(issuer, token).shownTo(caller.id);
    this.rights.shown(caller, issuer, token.claims);
    this.callers.refused(caller.id, 'insufficient_scope');
  }

  /** A good token was seen, which this caller may not see. */
  withheld(caller: Caller, reason: RejectionCode, issuer: Issuer, token: VouchedToken): void {
    this.signed(issuer, token);
    if (reason === 'caller_audience_not_granted') this.rights.foreign(caller);
  }

  /** A token was seen that the issuer vouches for, good or not: how it sets its tokens up is known from each of them. */
  lived(issuer: Issuer, { exp, iat }: JsonObject): CountedIssuer {
    const counted = this.byIssuer.get(issuer) ?? this.begin(issuer);
    if (typeof exp === 'number' && typeof iat === 'number' && exp - iat > counted.longestSeconds) {
      counted.longestSeconds = exp - iat;
    }
    return counted;
  }

  /** What was seen since the last time. */
  take(): SeenUses {
    const { seen } = this;
    this.seen = new Map();
    this.byIssuer = new WeakMap();
    return seen;
  }

  private signed(issuer: Issuer, { keyThumbprint, header: { alg }, claims }: VouchedToken): CountedIssuer {
    const counted = this.lived(issuer, claims);
    counted.signed(keyThumbprint, alg);
    return counted;
  }

  private begin(issuer: Issuer): CountedIssuer {
    const id = registrationOf(issuer);
    let counted = this.seen.get(id);
    if (!counted) this.seen.set(id, (counted = new CountedIssuer()));
    this.byIssuer.set(issuer, counted);
    return counted;
  }
}
