import { tokenIdentity, type TokenIdentity } from '../../claims/claim-names.js';
import type { Issuer } from '../../issuers/issuer.js';
import { registrationOf, subjectScopeOf, type SubjectScope } from '../../issuers/subject-scope.js';
import type { Clock } from '../../shared/clock.js';
import type { JsonObject } from '../../shared/json-value.js';
import type { KnownRevocations } from './known-revocations.js';
import {
  digestOf,
  revocationKinds,
  SIGNED_INPUT,
  signedInputOf,
  type Revocation,
  type RevocationKind,
} from './revocation.js';

/** A token whose signature was good, as far as decisions about it are concerned. */
export interface SignedToken {
  /** The compact serialization. */
  readonly compact: string;
  readonly claims: JsonObject;
}

/** What a decision says of a token: its kind, and the name under which operators find it. */
export type DecisiveRevocation = Pick<Revocation, 'kind' | 'digest' | 'before'>;

/** Decides whether a token was revoked. Asked with every token, so it answers from memory, and at once where nothing is. */
export abstract class RevocationCheck {
  /**
   * The decision that refuses this token; of several the first in the order of the kinds.
   * @throws {Unavailable} where nobody is to be answered without knowing
   */
  abstract decisionAbout(issuer: Issuer, token: SignedToken): DecisiveRevocation | undefined;
}

/** Nothing was revoked. */
export class NothingRevoked extends RevocationCheck {
  override decisionAbout(): undefined {
    return undefined;
  }
}

/** Looks a token up among all decisions that are known: at most one digest for each kind that its issuer has decisions of. */
export function findDecision(
  known: KnownRevocations,
  issuer: Issuer,
  token: SignedToken,
  clock: Pick<Clock, 'wallMs'>,
): DecisiveRevocation | undefined {
  const counts = known.size === 0 ? undefined : known.counts.of(registrationOf(issuer));
  if (!counts) return undefined;
  return new Search(known, issuer, token, Math.floor(clock.wallMs() / 1_000)).first(counts);
}

/** One token, and what it is known by. */
class Search {
  private readonly scope: SubjectScope;
  private readonly identity: TokenIdentity;

  constructor(
    private readonly known: KnownRevocations,
    issuer: Issuer,
    private readonly token: SignedToken,
    private readonly nowSeconds: number,
  ) {
    this.scope = subjectScopeOf(issuer, token.claims);
    this.identity = tokenIdentity(token.claims, issuer.names);
  }

  first(counts: Readonly<Record<RevocationKind, number>>): DecisiveRevocation | undefined {
    for (const kind of revocationKinds) {
      const found = counts[kind] > 0 ? this.find(kind) : undefined;
      if (found) return found;
    }
    return undefined;
  }

  private find(kind: RevocationKind): DecisiveRevocation | undefined {
    const { scope, identity, token } = this;
    const { session, subject, clientId } = identity;
    switch (kind) {
      case 'token':
        return this.revoked(kind, digestOfToken(scope, identity, token.compact));
      case 'session':
        return session === undefined ? undefined : this.revoked(kind, digestOf(scope, kind, session));
      case 'subject':
        return subject === undefined ? undefined : this.cutOff(digestOf(scope, kind, subject));
      case 'client':
        return clientId === undefined ? undefined : this.cutOffOfAll(kind, clientId);
      case 'issuer':
        return this.cutOffOfAll(kind, '');
    }
  }

  private revoked(kind: 'token' | 'session', digest: Buffer): DecisiveRevocation | undefined {
    return this.known.isRevoked(digest, this.nowSeconds) ? { kind, digest, before: 0 } : undefined;
  }

  /** For this tenant, and for all tenants of the registration. */
  private cutOffOfAll(kind: 'client' | 'issuer', value: string): DecisiveRevocation | undefined {
    const { issuer, tenant } = this.scope;
    const everywhere = this.cutOff(digestOf({ issuer }, kind, value));
    return tenant === undefined ? everywhere : (everywhere ?? this.cutOff(digestOf(this.scope, kind, value)));
  }

  /**
   * A token of the very second of the cut-off counts as older, because nobody can tell; so does one without `iat`. `clockTolerance` is not
   * added to `iat`: it would refuse the new token of a user who has just logged in again.
   */
  private cutOff(digest: Buffer): DecisiveRevocation | undefined {
    const latest = this.known.latestCutOff(digest, this.nowSeconds);
    const { iat } = this.token.claims;
    const isLater = latest && typeof iat === 'number' && Math.floor(iat) > latest.before;
    return isLater ? undefined : latest;
  }
}

/**
 * What a token is revoked by: its id, which is its issuer's and its tenant's alone, or where it has none what was signed. Never the text of
 * the token: one signature can be written in two ways.
 */
export function tokenDigest(issuer: Issuer, { compact, claims }: SignedToken): Buffer {
  return digestOfToken(subjectScopeOf(issuer, claims), tokenIdentity(claims, issuer.names), compact);
}

function digestOfToken(scope: SubjectScope, { tokenId }: Pick<TokenIdentity, 'tokenId'>, compact: string): Buffer {
  return tokenId === undefined
    ? digestOf(scope, SIGNED_INPUT, signedInputOf(compact))
    : digestOf(scope, 'token', tokenId);
}
