import type { ClaimNames, NamedClaim } from '../claims/claim-names.js';
import type { NameDoubt } from '../claims/name-doubt.js';
import type { ClaimPolicy } from '../claims/claim-policy.js';
import type { Algorithm } from '../tokens/algorithms.js';
import type { IssuerTemplate } from './issuer-template.js';
import type { IssuerNetwork } from './issuer-network.js';
import type { PresetName } from './presets/preset.js';
import type { UnknownRevocations } from './issuer-revocation.config.js';
import type { KeyLocation } from './issuer-keys.config.js';
import type { OpaqueTerms } from './opaque-terms.js';

/** A registered issuer, prepared: everything that its tokens are judged by. Immutable. */
export interface Issuer {
  /** Short and stable: metrics, logs, admin API. */
  readonly id: string;
  /** The preset that filled in a part of its registration. */
  readonly preset?: PresetName;
  /** The whole registration as it is in force, written as in a file, for operators; nothing secret. Absent for callers. */
  registration?(): Readonly<Record<string, unknown>>;
  /** Issuer identifier, compared byte for byte with `iss` (RFC 7519 §4.1.1); where there is a template, the text of that. */
  readonly issuer: string;
  /** What `iss` may be, where many tenants share this registration and its keys. */
  readonly template?: IssuerTemplate;
  /** A SPIFFE trust domain. Its JWT-SVIDs need no `iss`; without `hasIssuer`, none of them has one. */
  readonly spiffe?: { readonly trustDomain: string; readonly hasIssuer: boolean };
  /** The registration whose tenant this is, where each tenant has keys of its own. */
  readonly tenantOf?: { readonly registration: string; readonly tenant: string };
  /** What metadata and the keys of a shared set may call this issuer, besides its identifier. */
  readonly metadataIssuers: readonly string[];
  readonly algorithms: ReadonlySet<Algorithm>;
  readonly tokenTypes: ReadonlySet<string>;
  /** Under which names its tokens say who the client is, what it may do, and what the token is known by. */
  readonly names: ClaimNames;
  readonly policy: ClaimPolicy;
  /** The policy for a token that a *caller* authenticates with: made for us, so another audience, and no business rules. */
  callerPolicy(audience: string): ClaimPolicy;
  /** Where its key set comes from. Nothing in a token ever chooses it. */
  readonly keys: KeyLocation;
  /** A token whose `kid` no key has may be checked against keys that were published without one. */
  readonly allowKidless: boolean;
  /** Tokens without `iss` are its own. At most one issuer has it. */
  readonly allowMissingIss?: true;
  readonly freshness: Freshness;
  readonly network: IssuerNetwork;
  /** Which of its tokens it is asked about, and how; absent: none. */
  readonly opaque?: OpaqueTerms;
  /** How much may be revoked of what it issued, and for how long that matters. */
  readonly revocation: RevocationTerms;
  /** Thumbprints (RFC 7638) of keys that are refused, whoever publishes them. */
  readonly deniedKeys: ReadonlySet<string>;
  /** `critical`: readiness waits for its first keys. */
  readonly criticality: 'normal' | 'critical';
  /** Changes exactly when these would be the keys of somebody else: another issuer, or another place where they are published. */
  readonly keySourceFingerprint: string;
  /** Claim that becomes `username` in answers, where one is configured (RFC 7662 §2.2). */
  readonly username?: NamedClaim;
  /** Claims whose names look like paths, with what its tokens have shown of them; absent where there are none. */
  readonly doubts?: readonly NameDoubt[];
  /** `client_id` of answers when the token names none. It is no evidence: no rule reads it. */
  readonly defaultClientId?: string;
}

/** How long keys are trusted and how often they are fetched. All times in milliseconds. */
export interface Freshness {
  /** Longest time between two fetches, `R`. */
  readonly refreshMs: number;
  /** No key is accepted longer than this after the last proof that it was published. */
  readonly hardTtlMs: number;
  /** Least time between two fetches for an unknown `kid`, once the burst is spent. */
  readonly missCooldownMs: number;
  /** Fetches for an unknown `kid` that need not wait. */
  readonly missBurst: number;
  /** Least time between any two fetches. */
  readonly minSpacingMs: number;
  /** `confirm`: a key that vanished is refused after a second fetch; `immediate`: after the first. */
  readonly removal: 'confirm' | 'immediate';
  /** A set without keys withdraws all of them at once (SPIFFE); without, it is taken for an error until it is seen again and again. */
  readonly isEmptyMeant?: boolean;
}

/** What bounds the list of what was revoked of one issuer. */
export interface RevocationTerms {
  /** Most decisions about its tokens, sessions, subjects and clients that stand beside each other. */
  readonly quota: number;
  /** No acceptable token was issued earlier than this. */
  readonly maxLifetimeSeconds: number;
  readonly clockToleranceSeconds: number;
  /** What is answered while it cannot be known what was revoked; absent: what is usual. */
  readonly onUnknown?: UnknownRevocations;
}

/** Whether nothing has changed about how keys are fetched, and which of them are used. */
export function areFetchedAlike(one: Issuer, other: Issuer): boolean {
  const [before, after] = [one, other].map(({ network, algorithms }) => {
    // Credentials rotate by themselves, and are no reason to fetch: the next fetch uses them.
    const { allowPrivate, ca, followsRedirects, proxy } = network;
    return JSON.stringify([allowPrivate, ca, followsRedirects, proxy?.hostname, proxy?.port, [...algorithms].sort()]);
  });
  return before === after;
}
