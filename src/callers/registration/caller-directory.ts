/** Finds the registered caller for what a request presents. */
import type { ScopeHierarchy } from '../../claims/scope-hierarchy.js';
import type { Algorithm } from '../../tokens/algorithms.js';
import type { ProofTerms } from '../../proofs/proof-terms.js';
import { basicChallenge } from '../credentials/authentication-failure.js';
import type { RateLimit } from '../limits/rate-limit.js';
import { eachMethod, type RegisteredCaller } from '../methods/caller-methods.js';
import type { ProtectedResource } from './protected-resource.js';

/** A registered caller with everything that could authenticate it; what it did not register is `undefined`. Immutable. */
export interface PreparedCaller extends RegisteredCaller {
  /** How often it may ask; `undefined`: as often as it likes. */
  readonly rateLimit: RateLimit | undefined;
  /** Proxies may ask in its name. */
  readonly proxy: ProxyProfile | undefined;
}

/** How proxies ask in the name of a caller, and what they say to their clients. */
export interface ProxyProfile {
  /** What is behind the proxy, of which we publish a document; absent: none is. */
  readonly resource?: ProtectedResource | undefined;
  /** URL of the protected resource metadata (RFC 9728 §5.1); printable, without quotes. */
  readonly resourceMetadata?: string;
  /** Which scope lies within which, for what its proxies ask; absent: none does. */
  readonly scopeImplies?: ScopeHierarchy | undefined;
  /** Headers that may have the token, lower case, in their order; absent: `authorization`. */
  readonly tokenFrom?: readonly string[] | undefined;
  /** For whom the answer that `x-auth-jwt` has is signed, and how; absent: there is none. */
  readonly upstream?: UpstreamSigning | undefined;
  /** Whether a CORS preflight passes without a token. */
  readonly allowPreflight?: boolean;
  /** What its clients can prove; absent: nothing. */
  readonly proofs?: ProofTerms | undefined;
}

/** How answers for what is behind a proxy are signed (RFC 9701). Immutable. */
export interface UpstreamSigning {
  /** Who may believe them: `aud`. */
  readonly audience: string;
  readonly alg: Algorithm;
}

/** The callers of one configuration. Immutable. */
interface Snapshot {
  readonly byId: ReadonlyMap<string, PreparedCaller>;
  readonly challenges: readonly string[];
}

/** Who may ask. Replaced as a whole when the configuration changed, so that a request never sees half of a change. */
export class CallerDirectory {
  private snapshot = take([]);

  /** From the next request on, `callers` are the only ones. */
  replace(callers: readonly PreparedCaller[]): void {
    this.snapshot = take(callers);
  }

  /** Callers that are registered. */
  get size(): number {
    return this.snapshot.byId.size;
  }

  /** Every caller, in the order of the file. */
  get all(): Iterable<PreparedCaller> {
    return this.snapshot.byId.values();
  }

  /** The caller with this `client_id`, or `undefined`. */
  byId(clientId: string): PreparedCaller | undefined {
    return this.snapshot.byId.get(clientId);
  }

  /** A challenge for each scheme that some caller can use; at least one (RFC 9110 §15.5.2). */
  get challenges(): readonly string[] {
    return this.snapshot.challenges;
  }
}

function take(callers: readonly PreparedCaller[]): Snapshot {
  return {
    byId: new Map(callers.map((prepared) => [prepared.caller.id, prepared])),
    challenges: challengesFor(callers),
  };
}

function challengesFor(callers: readonly PreparedCaller[]): readonly string[] {
  const challenges = eachMethod.flatMap(([name, { challenge }]) => {
    const isUsed = challenge !== undefined && callers.some(({ methods }) => methods[name] !== undefined);
    return isUsed ? [challenge] : [];
  });
  return challenges.length > 0 ? challenges : [basicChallenge];
}
