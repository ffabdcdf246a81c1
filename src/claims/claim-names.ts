/** Under which names an issuer writes what the service itself reads: the client, the scopes, and what a token is known by. */
import type { JsonObject, JsonValue } from '../shared/json-value.js';
import { claimAbsence, claimReader, claimText, type ClaimName, type ClaimReader } from './claim-name.js';
import { scopesFrom, scopesOf, scopeText } from './scope.js';

/** What a registration says about the names of its claims. */
export interface ClaimNameSettings {
  /** The first of them that says something is the client. */
  readonly clientIdClaims: readonly ClaimName[];
  /** What all of them say together are the scopes; absent: `scope`, or else `scp`. */
  readonly scopeClaims?: readonly ClaimName[] | undefined;
  readonly tokenIdClaim: ClaimName;
  readonly sessionClaim: ClaimName;
  readonly subjectClaim: ClaimName;
}

/** What a token is known by, each absent where the token does not say it. */
export interface TokenIdentity {
  readonly tokenId: string | undefined;
  readonly session: string | undefined;
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
}

/** A claim that the configuration names, compiled. */
export interface NamedClaim {
  readonly claim: ClaimName;
  /** As operators read of it. */
  readonly text: string;
  readonly read: ClaimReader;
  readonly isAbsentIn: (claims: JsonObject) => boolean;
}

/** The names of one issuer, compiled. Immutable. */
export interface ClaimNames {
  readonly clientIdClaims: readonly NamedClaim[];
  readonly scopeClaims: readonly NamedClaim[];
  /** Whether all of them are the scopes together; otherwise the first that the token has. */
  readonly joinsScopes: boolean;
  readonly tokenIdClaim: NamedClaim;
  readonly sessionClaim: NamedClaim;
  readonly subjectClaim: NamedClaim;
}

/** A term that several checks of claims share. */
export interface ClaimNamesTerms {
  readonly names: ClaimNames;
}

/** What the registered names are: RFC 7519 §4.1, RFC 8693 §4.3, OpenID Connect Core §2, and Front-Channel Logout §3 for `sid`. */
export const usualNames = {
  clientIdClaims: ['client_id', 'azp'],
  tokenIdClaim: 'jti',
  sessionClaim: 'sid',
  subjectClaim: 'sub',
} as const satisfies ClaimNameSettings;

/** @throws {RangeError} for what is the name of no claim, and for no name of a client */
export function compileClaimNames(settings: ClaimNameSettings): ClaimNames {
  const { clientIdClaims, scopeClaims, tokenIdClaim, sessionClaim, subjectClaim } = settings;
  if (clientIdClaims.length === 0 || scopeClaims?.length === 0) throw new RangeError('a list of claims names one');
  return {
    clientIdClaims: clientIdClaims.map(namedClaim),
    scopeClaims: (scopeClaims ?? ['scope', 'scp']).map(namedClaim),
    joinsScopes: scopeClaims !== undefined,
    tokenIdClaim: namedClaim(tokenIdClaim),
    sessionClaim: namedClaim(sessionClaim),
    subjectClaim: namedClaim(subjectClaim),
  };
}

/** The names of an issuer that says nothing about them. */
export const standardNames = compileClaimNames(usualNames);

/** The client that a token was issued to; a claim that says nothing gives way to the next. */
export function clientIdIn(claims: JsonObject, { clientIdClaims }: ClaimNames): string | undefined {
  for (const { read } of clientIdClaims) {
    const clientId = textIn(read(claims));
    if (clientId !== undefined) return clientId;
  }
  return undefined;
}

/** The scopes of a token; `undefined` where it carries none of the claims that they are read from. */
export function scopesIn(claims: JsonObject, { scopeClaims, joinsScopes }: ClaimNames): readonly string[] | undefined {
  return joinsScopes ? scopesFrom(scopeClaims.map(({ read }) => read(claims))) : scopesOf(claims);
}

/** The same as one text (RFC 6749 §3.3). */
export function scopeTextIn(claims: JsonObject, names: ClaimNames): string | undefined {
  return names.joinsScopes ? scopesIn(claims, names)?.join(' ') : scopeText(claims);
}

/**
 * What a token is known by: the one place where it is read, for the audit trail and for whatever refuses tokens by their name,
 * session, subject or client.
 */
export function tokenIdentity(claims: JsonObject, names: ClaimNames): TokenIdentity {
  return {
    tokenId: textIn(names.tokenIdClaim.read(claims)),
    session: textIn(names.sessionClaim.read(claims)),
    subject: textIn(names.subjectClaim.read(claims)),
    clientId: clientIdIn(claims, names),
  };
}

/** Which claims of a token these were read from, for operators: what the token does not have is not among them. */
export function whereRead(claims: JsonObject, names: ClaimNames): Readonly<Record<string, readonly string[]>> {
  const { clientIdClaims, scopeClaims, joinsScopes, tokenIdClaim, sessionClaim, subjectClaim } = names;
  const scopes = scopeClaims.filter(({ read }) => scopesFrom([read(claims)]) !== undefined);
  const sources: Readonly<Record<string, readonly NamedClaim[]>> = {
    clientId: clientIdClaims.filter(({ read }) => textIn(read(claims)) !== undefined).slice(0, 1),
    scope: joinsScopes ? scopes : scopes.slice(0, 1),
    tokenId: [tokenIdClaim],
    session: [sessionClaim],
    subject: [subjectClaim],
  };
  const found = Object.entries(sources).map(([what, all]) => {
    return [what, all.filter(({ read }) => read(claims) !== undefined).map(({ text }) => text)] as const;
  });
  return Object.fromEntries(found.filter(([, texts]) => texts.length > 0));
}

/** @throws {RangeError} for what is the name of no claim */
export function namedClaim(claim: ClaimName): NamedClaim {
  return { claim, text: claimText(claim), read: claimReader(claim), isAbsentIn: claimAbsence(claim) };
}

/** A string that says something. */
export function textIn(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
