/** A key that signed a token this lately is in use, in milliseconds: longer than most tokens live. */
const IN_USE_MS = 10 * 60 * 1_000;

/** A key that is gone, and was in use. */
export interface MissedKey {
  readonly thumbprint: string;
  readonly usedAgoMs: number;
}

/** When each key of an issuer last signed a token that came here. Bounded by the keys that are accepted. */
export class KeyUse {
  /** Monotonic, by thumbprint. */
  private readonly usedAtMs = new Map<string, number>();

  record(thumbprint: string, nowMs: number): void {
    this.usedAtMs.set(thumbprint, nowMs);
  }

  /**
   * Forgets the keys that are not accepted any more.
   * @returns those of them that somebody will miss
   */
  keep(accepted: ReadonlySet<string>, nowMs: number): readonly MissedKey[] {
    const gone = [...this.usedAtMs].filter(([thumbprint]) => !accepted.has(thumbprint));
    for (const [thumbprint] of gone) this.usedAtMs.delete(thumbprint);
    return gone
      .map(([thumbprint, usedAtMs]) => ({ thumbprint, usedAgoMs: nowMs - usedAtMs }))
      .filter(({ usedAgoMs }) => usedAgoMs <= IN_USE_MS);
  }
}
