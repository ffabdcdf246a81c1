/** Compares a secret with those of a caller in constant time, by their digests. */
import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import { isWeak } from '../../../shared/secret-strength.js';

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
  readonly isWeak: boolean;
}

/** Which of the secrets a text is: a strong one, a weak one, or none. */
export type SecretMatch = 'strong' | 'weak' | undefined;

/** New in every process: a digest read from one process's memory is worth nothing anywhere else. */
const pepper = createSecretKey(randomBytes(32));

/**
 * The secrets of one caller, held as keyed digests. Generated secrets have enough entropy that a fast digest is the
 * right one: a slow hash per request would only let attackers use up our processor time (R6749-13).
 */
export class SecretDigests {
  private readonly slots: readonly Slot[];
  /** Of the registered ones alone. */
  private readonly fingerprint: string;
  /** When each registered one is refused from; wall time in milliseconds since the epoch, `Infinity`: it does not end. */
  readonly ends: readonly number[];

  /** @param secrets at most {@link MAX_SECRETS}; unused slots match nothing and cost the same */
  constructor(secrets: readonly RegisteredSecret[]) {
    const registered = secrets.map(({ value, expires }) => ({
      digest: digestOf(value),
      expires: expires ?? Infinity,
      isWeak: isWeak(value),
    }));
    this.ends = registered.map(({ expires }) => expires);
    this.fingerprint = registered.map(({ digest }) => digest.toString('base64url')).join(' ');
    const unused = Array.from({ length: MAX_SECRETS - registered.length }, () => ({
      digest: randomBytes(32),
      expires: -Infinity,
      isWeak: false,
    }));
    this.slots = [...registered, ...unused];
  }

  /** Which of these `secret` is at wall time `nowMs`. Does the same work whatever the answer; empty never matches. */
  match(secret: string, nowMs: number): SecretMatch {
    const plausible = secret.length > 0 && secret.length <= MAX_SECRET_LENGTH;
    const presented = digestOf(plausible ? secret : '');
    let matched = 0;
    for (const { digest, expires, isWeak: weak } of this.slots) {
      matched |= (Number(timingSafeEqual(presented, digest)) & Number(nowMs < expires)) << Number(weak);
    }
    if (!plausible || matched === 0) return undefined;
    return matched & 1 ? 'strong' : 'weak';
  }

  /** Whether both hold the same secrets, in the same order. */
  isSameAs(other: SecretDigests): boolean {
    return this.fingerprint === other.fingerprint;
  }

  /** The digests of those that are good at wall time `nowMs`, as texts: equal ones are of equal secrets, within this process alone. */
  digestsAt(nowMs: number): readonly string[] {
    return this.slots.flatMap(({ digest, expires }) => (nowMs < expires ? [digest.toString('base64url')] : []));
  }

  /** Whether one of these can be guessed, at wall time `nowMs`. */
  areGuessable(nowMs: number): boolean {
    return this.slots.some(({ isWeak: weak, expires }) => weak && nowMs < expires);
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
