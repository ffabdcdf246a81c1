import { LRUCache } from 'lru-cache';
import { hash, randomBytes } from 'node:crypto';
import type { Clock } from '../../../shared/clock.js';
import type { Caller } from '../../caller.js';

/** Headers that are remembered; one caller needs one, and another one while it changes its secret. */
const ENTRIES = 10_000;

/** A longer header is verified each time. In UTF-16 code units. */
const MAX_LENGTH = 4 * 1024;

/** What an `Authorization` header has proven. */
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
 * Remembers which `Authorization` header proved which caller, so that one that comes again need not be decoded and digested
 * again. What else decides about a request, brakes, limits and rights, is not remembered.
 *
 * An entry holds for the callers of one configuration, and until the first moment at which a secret of its caller expires.
 * It is found by a keyed digest of the whole header: an attacker who measures how long it takes to find nothing learns
 * nothing about any header.
 */
export class ProvenHeaders {
  private readonly entries = new LRUCache<string, ProvenHeader>({ max: ENTRIES });

  constructor(private readonly clock: Clock) {}

  /** @returns `undefined` unless this header has proven a caller before, by itself */
  find(header: string): ProvenHeader | undefined {
    if (header.length > MAX_LENGTH) return undefined;
    const entry = this.entries.get(keyOf(header));
    return entry && this.clock.wallMs() < entry.untilMs ? entry : undefined;
  }

  /** Remembers that the header was enough, with nothing beside it. */
  remember(header: string, proven: ProvenHeader): void {
    if (header.length <= MAX_LENGTH) this.entries.set(keyOf(header), proven);
  }

  /** The callers are others now: no entry holds any more. */
  clear(): void {
    this.entries.clear();
  }
}

function keyOf(header: string): string {
  return hash('sha256', pepper + header, 'base64');
}
