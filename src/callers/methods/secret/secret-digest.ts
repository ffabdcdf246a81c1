import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';

/** Secrets that a caller may have at once: two for a rotation, and room for one that went wrong. */
export const MAX_SECRETS = 4;

/** Longest secret, in UTF-16 code units; anything longer is not worth a digest. */
export const MAX_SECRET_LENGTH = 1024;

/** A secret as it was registered. */
export interface RegisteredSecret {
  readonly value: string;
  /** Wall time in milliseconds since the epoch from which on it is refused; absent: until it is removed. */
  readonly expires?: number;
}

interface Slot {
  readonly digest: Buffer;
  readonly expires: number;
}

/** New in every process: a digest read from one process's memory is worth nothing anywhere else. */
const pepper = createSecretKey(randomBytes(32));

/**
 * The secrets of one caller, held as keyed digests. Generated secrets have enough entropy that a fast digest is the
 * right one: a slow hash per request would only let attackers use up our processor time (R6749-13).
 */
export class SecretDigests {
  private readonly slots: readonly Slot[];

  /** @param secrets at most {@link MAX_SECRETS}; unused slots match nothing and cost the same */
  constructor(secrets: readonly RegisteredSecret[]) {
    const registered = secrets.map(({ value, expires }) => ({
      digest: digestOf(value),
      expires: expires ?? Infinity,
    }));
    const unused = Array.from({ length: MAX_SECRETS - registered.length }, () => ({
      digest: randomBytes(32),
      expires: -Infinity,
    }));
    this.slots = [...registered, ...unused];
  }

  /** Whether `secret` is one of these at wall time `nowMs`. Does the same work whatever the answer; empty never matches. */
  matches(secret: string, nowMs: number): boolean {
    const plausible = secret.length > 0 && secret.length <= MAX_SECRET_LENGTH;
    const presented = digestOf(plausible ? secret : '');
    let matched = 0;
    for (const { digest, expires } of this.slots) {
      matched |= Number(timingSafeEqual(presented, digest)) & Number(nowMs < expires);
    }
    return plausible && matched === 1;
  }

  /** Wall time in milliseconds until which the answers of {@link matches} at `nowMs` stay what they are. */
  unchangedUntilMs(nowMs: number): number {
    return Math.min(...this.slots.map(({ expires }) => (expires > nowMs ? expires : Infinity)));
  }
}

/** Stands in for the secrets of a caller that does not exist, so that asking for one takes as long as a wrong secret. */
export const nobodysSecrets = new SecretDigests([]);

function digestOf(secret: string): Buffer {
  return createHmac('sha256', pepper).update(secret, 'utf8').digest();
}
