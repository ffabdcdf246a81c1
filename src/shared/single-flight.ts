/** Shares one running call among everyone who asks for the same key while it runs; remembers nothing afterwards. */
export class SingleFlight<K, V> {
  private readonly running = new Map<K, Promise<V>>();

  /** Joins the call in flight for `key`, or starts `work`. A leader that gives up does not fail its followers. */
  run(key: K, work: () => Promise<V>): Promise<V> {
    const joined = this.running.get(key);
    if (joined) return joined;
    const flight = work().finally(() => {
      this.running.delete(key);
    });
    this.running.set(key, flight);
    return flight;
  }

  /** Calls in flight now. */
  get size(): number {
    return this.running.size;
  }
}
