import { tokenIdentity } from '../../claims/claim-names.js';
import type { Issuer } from '../../issuers/issuer.js';
import { registrationOf, subjectScopeOf, type SubjectScope } from '../../issuers/subject-scope.js';
import type { Clock } from '../../shared/clock.js';
import type { JsonObject } from '../../shared/json-value.js';
import type { KnownRevocations } from './known-revocations.js';
import { digestOf, SIGNED_INPUT, signedInputOf, type Revocation, type RevocationKind } from './revocation.js';

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

  constructor(
    private readonly known: KnownRevocations,
    private readonly issuer: Issuer,
    private readonly token: SignedToken,
    private readonly nowSeconds: number,
  ) {
    this.scope = subjectScopeOf(issuer, token.claims);
  }

  first(counts: Readonly<Record<RevocationKind, number>>): DecisiveRevocation | undefined {
    const { scope } = this;
    const { session, subject, clientId } = tokenIdentity(this.token.claims, this.issuer.names);
    return (
      (counts.token > 0 ? this.revoked('token', tokenDigest(this.issuer, this.token)) : undefined) ??
      (counts.session > 0
        ? this.named(session, (sid) => this.revoked('session', digestOf(scope, 'session', sid)))
        : undefined) ??
      (counts.subject > 0 ? this.named(subject, (sub) => this.cutOff(digestOf(scope, 'subject', sub))) : undefined) ??
      (counts.client > 0 ? this.named(clientId, (client) => this.cutOffOfAll('client', client)) : undefined) ??
      (counts.issuer > 0 ? this.cutOffOfAll('issuer', '') : undefined)
    );
  }

  private named(
    name: string | undefined,
    find: (name: string) => DecisiveRevocation | undefined,
  ): DecisiveRevocation | undefined {
    return name === undefined ? undefined : find(name);
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
   * A token of the very second is older, as far as anybody can know, and so is one that does not say when it was issued. The issuer's clock
   * is taken as it is: with a tolerance, who logs in again would be refused.
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
  const scope = subjectScopeOf(issuer, claims);
  const { tokenId } = tokenIdentity(claims, issuer.names);
  return tokenId === undefined
    ? digestOf(scope, SIGNED_INPUT, signedInputOf(compact))
    : digestOf(scope, 'token', tokenId);
}
