/** Warns where keys of ours change faster than the caches of those who check signatures with them. */
import type { OwnKeys } from './prepare-signing.js';

/** How long consumers may keep what `/jwks` said, in seconds: what its answer says of itself. */
export const JWKS_MAX_AGE_SECONDS = 300;

/**
 * A key is known to everybody this long after it was published, and of use to nobody this long after it signed last: a copy that was taken at
 * the last moment may lie in one cache on the way and then in that of a consumer.
 */
const SETTLING_MS = 2 * JWKS_MAX_AGE_SECONDS * 1000;

/** A change of our keys that consumers could not follow. */
export interface HastyChange {
  /** The key, as logs call it. */
  readonly key: string;
  /** `signs`: before everybody can know it. `withdrawn`: while answers that it has signed are still read. */
  readonly kind: 'signs' | 'withdrawn';
  /** After how many seconds it would have been in time. */
  readonly secondsLeft: number;
}

/** What is remembered of a key while it is published. */
interface Publication {
  readonly name: string;
  readonly sinceMs: number;
  isSigning: boolean;
  /** When it signed last; while it signs, now. */
  signedMs: number | undefined;
}

/** Sees whether our keys change no faster than the caches of those who read them. Knows what this process has published, and nothing before. */
export class KeyPublication {
  private readonly known = new Map<string, Publication>();
  private hasBegun = false;

  /**
   * @param keys what is published from now on; `undefined`: nothing
   * @param nowMs monotonic time
   * @returns what of it came too early
   */
  change(keys: OwnKeys | undefined, nowMs: number): readonly HastyChange[] {
    const hasty: HastyChange[] = [];
    const published = keys?.published ?? [];
    for (const { name, use, key } of published) {
      const before = this.known.get(key.kid);
      const sinceMs = before?.sinceMs ?? nowMs;
      const isSigning = use === 'signing';
      if (this.hasBegun && isSigning && before?.isSigning !== true) {
        hasty.push(...unsettled(name, 'signs', nowMs - sinceMs));
      }
      // Of what was there at the start it is not known when it signed last.
      const signedMs = before?.isSigning === true || (!before && use === 'previous') ? nowMs : before?.signedMs;
      this.known.set(key.kid, { name, sinceMs, isSigning, signedMs });
    }
    const kept = new Set(published.map(({ key }) => key.kid));
    for (const [kid, { name, isSigning, signedMs = -Infinity }] of this.known) {
      if (kept.has(kid)) continue;
      hasty.push(...unsettled(name, 'withdrawn', isSigning ? 0 : nowMs - signedMs));
      this.known.delete(kid);
    }
    this.hasBegun = true;
    return hasty;
  }
}

function unsettled(key: string, kind: HastyChange['kind'], passedMs: number): readonly HastyChange[] {
  const leftMs = SETTLING_MS - passedMs;
  return leftMs > 0 ? [{ key, kind, secondsLeft: Math.ceil(leftMs / 1000) }] : [];
}
