import type { ConfiguredIssuers } from '../../issuers/configured-issuers.js';
import { basicChallenge, bearerChallenge } from '../credentials/challenges.js';
import type { PreparedCaller } from './prepared-caller.js';

/** The callers of one configuration, found in each way in which a caller can be found. Immutable. */
interface Snapshot {
  readonly byId: ReadonlyMap<string, PreparedCaller>;
  readonly byCertificate: ReadonlyMap<string, readonly PreparedCaller[]>;
  readonly bySubject: ReadonlyMap<string, SubjectsOfIssuer>;
  readonly challenges: readonly string[];
}

/** The callers that authenticate with tokens of one issuer, by `sub`. */
export type SubjectsOfIssuer = ReadonlyMap<string, PreparedCaller>;

/** Who may ask. Replaced as a whole when the configuration changed, so that a request never sees half of a change. */
export class CallerDirectory {
  private snapshot = take([]);

  /** @param assertionIssuers the callers as issuers of their own assertions; apart from the issuers of tokens */
  constructor(private readonly assertionIssuers: ConfiguredIssuers) {}

  /** From the next request on, `callers` are the only ones. */
  replace(callers: readonly PreparedCaller[]): void {
    this.snapshot = take(callers);
    this.assertionIssuers.replace(callers.flatMap(({ assertions }) => assertions ?? []));
  }

  /** Callers that are registered. */
  get size(): number {
    return this.snapshot.byId.size;
  }

  /** The caller with this `client_id`, or `undefined`. */
  byId(clientId: string): PreparedCaller | undefined {
    return this.snapshot.byId.get(clientId);
  }

  /** Every caller that registered one of these identities of a certificate. */
  byCertificate(identities: readonly string[]): readonly PreparedCaller[] {
    return [...new Set(identities.flatMap((identity) => this.snapshot.byCertificate.get(identity) ?? []))];
  }

  /** The callers that authenticate with tokens of issuers, by the short id of the issuer. Stays what it is. */
  get subjects(): ReadonlyMap<string, SubjectsOfIssuer> {
    return this.snapshot.bySubject;
  }

  /** Another object after each replacement, and only then. */
  get generation(): object {
    return this.snapshot;
  }

  /** A challenge for each scheme that some caller can use; at least one (RFC 9110 §15.5.2). */
  get challenges(): readonly string[] {
    return this.snapshot.challenges;
  }
}

function take(callers: readonly PreparedCaller[]): Snapshot {
  const byToken = Map.groupBy(withToken(callers), ([issuer]) => issuer);
  return {
    byId: new Map(callers.map((prepared) => [prepared.caller.id, prepared])),
    byCertificate: Map.groupBy(
      callers.filter(({ certificateIdentity }) => certificateIdentity !== undefined),
      ({ certificateIdentity = '' }) => certificateIdentity,
    ),
    bySubject: new Map(
      [...byToken].map(([issuer, entries]) => [
        issuer,
        new Map(entries.map(([, subject, caller]) => [subject, caller])),
      ]),
    ),
    challenges: challengesFor(callers),
  };
}

function withToken(callers: readonly PreparedCaller[]): (readonly [string, string, PreparedCaller])[] {
  return callers.flatMap((prepared) =>
    prepared.token ? [[prepared.token.issuer, prepared.token.subject, prepared] as const] : [],
  );
}

function challengesFor(callers: readonly PreparedCaller[]): readonly string[] {
  const bearer = callers.some(({ token }) => token) ? [bearerChallenge] : [];
  const basic = bearer.length === 0 || callers.some(({ secrets }) => secrets) ? [basicChallenge] : [];
  return [...basic, ...bearer];
}
