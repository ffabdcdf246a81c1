/** Decides whether a token was revoked, from memory. */
import { textIn, tokenIdentity, type NamedClaim, type TokenIdentity } from '../../claims/claim-names.js';
import type { Issuer } from '../../issuers/issuer.js';
import { registrationOf, subjectScopeOf, type SubjectScope } from '../../issuers/subject-scope.js';
import type { Clock } from '../../shared/clock.js';
import type { JsonObject } from '../../shared/json-value.js';
import { keyOf } from './digest-table.js';
import type { KnownRevocations } from './known-revocations.js';
import type { IssuerCounts } from './revocation-counts.js';
import {
  digestOf,
  EMAIL,
  revocationKinds,
  SIGNED_INPUT,
  signedInputOf,
  type Revocation,
  type RevocationKind,
} from './revocation.js';
import { TokenDigests, type DigestName } from './token-digests.js';

/** A token whose signature was good, as far as decisions about it are concerned. */
export interface SignedToken {
  /** The compact serialization. */
  readonly compact: string;
  readonly claims: JsonObject;
  /** What is remembered of it from one question to the next. */
  readonly digests?: TokenDigests;
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

/** Claims that say an address of the subject, by the registrations whose tokens have them. */
export type EmailClaims = ReadonlyMap<string, readonly NamedClaim[]>;

const noClaims: EmailClaims = new Map();

/** Looks a token up among all decisions that are known: at most one digest for each kind that its issuer has decisions of. */
export function findDecision(
  known: KnownRevocations,
  issuer: Issuer,
  token: SignedToken,
  clock: Pick<Clock, 'wallMs'>,
  emailClaims = noClaims,
): DecisiveRevocation | undefined {
  const counts = known.size === 0 ? undefined : known.counts.of(registrationOf(issuer));
  if (!counts) return undefined;
  const nowSeconds = Math.floor(clock.wallMs() / 1_000);
  const digests = token.digests ?? new TokenDigests();
  digests.belongTo(issuer);
  if (digests.isClear(counts.generation, nowSeconds)) return undefined;
  const emails = emailClaims.get(registrationOf(issuer));
  const found = new Search(known, issuer, token, digests, nowSeconds, emails).first(counts);
  if (!found) digests.setClear(counts.generation, nowSeconds);
  return found;
}

/** One token, and what it is known by. */
class Search {
  private scope: SubjectScope | undefined;
  private identity: TokenIdentity | undefined;

  constructor(
    private readonly known: KnownRevocations,
    private readonly issuer: Issuer,
    private readonly token: SignedToken,
    private readonly digests: TokenDigests,
    private readonly nowSeconds: number,
    private readonly emails: readonly NamedClaim[] = [],
  ) {}

  first(counts: IssuerCounts): DecisiveRevocation | undefined {
    for (const kind of revocationKinds) {
      const found = counts[kind] > 0 ? this.find(kind) : undefined;
      if (found) return found;
    }
    return undefined;
  }

  private find(kind: RevocationKind): DecisiveRevocation | undefined {
    switch (kind) {
      case 'token':
      case 'session':
        return this.revoked(kind);
      case 'subject':
        return this.cutOff(kind) ?? this.cutOffOfAddress();
      // For all tenants of the registration, and for this one.
      case 'client':
        return this.cutOff(kind) ?? this.cutOff('clientOfTenant');
      case 'issuer':
        return this.cutOff(kind) ?? this.cutOff('issuerOfTenant');
    }
  }

  private revoked(kind: 'token' | 'session'): DecisiveRevocation | undefined {
    const key = this.keyOf(kind);
    if (key === undefined || !this.known.isRevoked(key, this.nowSeconds)) return undefined;
    return { kind, digest: Buffer.from(key, 'latin1'), before: 0 };
  }

  /**
   * A token of the very second of the cut-off counts as older, because nobody can tell; so does one without `iat`. `clockTolerance` is not
   * added to `iat`: it would refuse the new token of a user who has just logged in again.
   */
  private cutOff(name: DigestName): DecisiveRevocation | undefined {
    return this.cutOffAt(this.keyOf(name));
  }

  /** Addresses are compared in lower case; not remembered, since hardly any issuer has a claim for them here. */
  private cutOffOfAddress(): DecisiveRevocation | undefined {
    for (const { read } of this.emails) {
      const email = textIn(read(this.token.claims))?.toLowerCase();
      const scope = (this.scope ??= subjectScopeOf(this.issuer, this.token.claims));
      const found = email === undefined ? undefined : this.cutOffAt(keyOf(digestOf(scope, EMAIL, email)));
      if (found) return found;
    }
    return undefined;
  }

  private cutOffAt(key: string | undefined): DecisiveRevocation | undefined {
    const latest = key === undefined ? undefined : this.known.latestCutOff(key, this.nowSeconds);
    const { iat } = this.token.claims;
    const isLater = latest && typeof iat === 'number' && Math.floor(iat) > latest.before;
    return isLater ? undefined : latest;
  }

  private keyOf(name: DigestName): string | undefined {
    if (!this.digests.has(name)) this.digests.set(name, this.digest(name));
    return this.digests.get(name);
  }

  private digest(name: DigestName): Buffer | undefined {
    const { token } = this;
    const scope = (this.scope ??= subjectScopeOf(this.issuer, token.claims));
    const identity = (this.identity ??= tokenIdentity(token.claims, this.issuer.names));
    const { session, subject, clientId } = identity;
    const everywhere = { issuer: scope.issuer };
    switch (name) {
      case 'token':
        return digestOfToken(scope, identity, token.compact);
      case 'session':
        return session === undefined ? undefined : digestOf(scope, name, session);
      case 'subject':
        return subject === undefined ? undefined : digestOf(scope, name, subject);
      case 'client':
        return clientId === undefined ? undefined : digestOf(everywhere, name, clientId);
      case 'clientOfTenant':
        return clientId === undefined || scope.tenant === undefined ? undefined : digestOf(scope, 'client', clientId);
      case 'issuer':
        return digestOf(everywhere, name, '');
      case 'issuerOfTenant':
        return scope.tenant === undefined ? undefined : digestOf(scope, 'issuer', '');
    }
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
