import { LRUCache } from 'lru-cache';
import { hash, randomBytes } from 'node:crypto';
import type { Clock } from '../../../shared/clock.js';
import type { Caller } from '../../caller.js';

/** Headers that are remembered; one caller needs one, and another one while it changes its secret. */
const ENTRIES = 10_000;

/** Longer credentials are verified each time. In UTF-16 code units. */
const MAX_LENGTH = 4 * 1024;

/** What a Basic header has proven. */
export interface ProvenHeader {
  readonly caller: Caller;
  /** The client ids that it can be read to claim; failures would be counted by the first. */
  readonly claimedIds: readonly string[];
  /** Wall time in milliseconds from which on a secret of the caller may have expired. */
  readonly untilMs: number;
}

/** New in every process, as that of the secrets is. */
const pepper = randomBytes(32).toString('base64');

/**
 * Remembers which Basic credentials proved which caller, so that those that come again need not be decoded and digested
 * again. What else decides about a request, brakes, limits and rights, is not remembered.
 *
 * An entry holds for the callers of one configuration, and until the first moment at which a secret of its caller expires.
 * It is found by a keyed digest of the whole credentials: an attacker who measures how long it takes to find nothing
 * learns nothing about any of them.
 */
export class ProvenHeaders {
  private readonly entries = new LRUCache<string, ProvenHeader>({ max: ENTRIES });

  constructor(private readonly clock: Clock) {}

  /** @param credentials what follows the scheme @returns `undefined` unless they have proven a caller before */
  find(credentials: string): ProvenHeader | undefined {
    if (credentials.length > MAX_LENGTH) return undefined;
    const entry = this.entries.get(keyOf(credentials));
    return entry && this.clock.wallMs() < entry.untilMs ? entry : undefined;
  }

  /** Remembers that these credentials were enough, with nothing beside them. */
  remember(credentials: string, proven: ProvenHeader): void {
    if (credentials.length <= MAX_LENGTH) this.entries.set(keyOf(credentials), proven);
  }

  /** The callers are others now: no entry holds any more. */
  clear(): void {
    this.entries.clear();
  }
}

function keyOf(credentials: string): string {
  return hash('sha256', pepper + credentials, 'base64');
}
