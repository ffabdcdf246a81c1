import { timingSafeEqual } from 'node:crypto';
import { decodeBase64Url } from '../shared/base64url.js';
import type { Clock } from '../shared/clock.js';
import type { RecordMac } from '../redis/record-mac.js';

const label = 'dpop-nonce/1';

const MINUTE_MS = 60_000;

/** Beside its own minute a nonce is good in so many that follow. */
const MINUTES_AFTER = 2;

/** Octets of the minute, and of the code behind it: 128 bits, which nobody guesses within three minutes. */
const sizes = { minute: 4, code: 16 };

/**
 * Nonces for DPoP proofs (RFC 9449 §9) that no replica has to remember: the minute in which one was given, and a code that only the
 * replicas can make of it. Its length and what it is made of mean nothing to clients.
 */
export class DpopNonces {
  /** @param mac makes the codes, with the keys that all replicas have */
  constructor(
    private readonly mac: Pick<RecordMac, 'codes'>,
    private readonly clock: Clock,
  ) {}

  /** The nonce of this minute. @param profile whose clients get it */
  current(profile: string): string {
    const minute = this.minute();
    const [code = Buffer.alloc(0)] = this.codes(minute, profile);
    return Buffer.concat([octetsOf(minute), code]).toString('base64url');
  }

  /** Whether a replica of ours gave this nonce to clients of `profile` in the last two to three minutes. */
  isGood(nonce: string, profile: string): boolean {
    const octets = decodeBase64Url(nonce);
    if (octets?.length !== sizes.minute + sizes.code) return false;
    const minute = octets.readUInt32BE();
    const age = this.minute() - minute;
    // The clock of the replica that gave it may be a little ahead of ours.
    if (age < -1 || age > MINUTES_AFTER) return false;
    return this.codes(minute, profile).some((code) => timingSafeEqual(code, octets.subarray(sizes.minute)));
  }

  private minute(): number {
    return Math.floor(this.clock.wallMs() / MINUTE_MS);
  }

  /** One of each key: while keys are rotated, other replicas may have another newest one. */
  private codes(minute: number, profile: string): readonly Buffer[] {
    return this.mac.codes(label, [octetsOf(minute), profile]).map((code) => code.subarray(0, sizes.code));
  }
}

function octetsOf(minute: number): Buffer {
  const octets = Buffer.alloc(sizes.minute);
  octets.writeUInt32BE(minute);
  return octets;
}
