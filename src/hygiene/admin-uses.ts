/** Knows which admin tokens there are, and which of them were used lately: told by the room of admins, which is right of here. */
export class AdminUses {
  private seen = new Set<string>();
  private known: readonly string[] = [];
  private vouching: readonly string[] = [];

  /** Ids of the admin tokens in force. */
  get ids(): readonly string[] {
    return this.known;
  }

  /** Ids of the issuers with whose tokens admins authenticate. */
  get issuers(): readonly string[] {
    return this.vouching;
  }

  /** From now on, these are the admin tokens. @param issuers whose tokens some of them are */
  replace(ids: readonly string[], issuers: readonly string[]): void {
    this.known = ids;
    this.vouching = issuers;
  }

  /** A request was admitted, by a token or by the session that began with it. */
  used(id: string): void {
    this.seen.add(id);
  }

  /** Ids of those that were used since the last time. */
  take(): Iterable<string> {
    const { seen } = this;
    this.seen = new Set();
    return seen;
  }
}
