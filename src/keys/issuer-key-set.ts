import type { Issuer } from '../issuers/issuer.js';
import type { JwtHeader } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import type { KeyFreshness } from './accepted/key-freshness.js';
import type { KeyRefresher } from './refresh/key-refresher.js';

/** The keys of one issuer, wherever they come from. */
export abstract class IssuerKeySet {
  /** What keeps the keys fresh, where they are fetched. */
  readonly refresher: KeyRefresher | undefined;

  /** See {@link KeyResolver.known}. */
  abstract known(header: JwtHeader): readonly VerificationKey[] | undefined;

  /** See {@link KeyResolver.find}. */
  abstract find(header: JwtHeader, tried?: readonly VerificationKey[]): Promise<readonly VerificationKey[]>;

  /** See {@link KeyResolver.holds}. */
  abstract holds(thumbprint: string): boolean;

  /** Calls `listener` whenever there may be other keys than before. */
  abstract onChanged(listener: () => void): void;

  /** Whether there is a key set that may be trusted now. */
  abstract get areTrusted(): boolean;

  /** Resolves when there is one, or when `signal` aborts. */
  abstract becomeTrusted(signal: AbortSignal): Promise<void>;

  /** A token was signed with this key. Keys that cannot go away do not ask. */
  used?(thumbprint: string): void;

  abstract freshness(): KeyFreshness;

  /** Takes over settings that do not invalidate the keys. */
  abstract reconfigure(issuer: Issuer): void;

  /** The issuer is gone: whatever is still under way changes nothing any more. */
  abstract retire(): void;
}
