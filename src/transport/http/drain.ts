/** Says that the service is going away: from then on the public listener refuses every request. */
export class Drain {
  private isBegun = false;
  private readonly listeners: (() => void)[] = [];

  /** Calls `listener` when it begins: what waits for something that may happen need not wait any longer. */
  onBegin(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Requests that are already in work finish. */
  begin(): void {
    if (this.isBegun) return;
    this.isBegun = true;
    for (const listener of this.listeners) listener();
  }

  get begun(): boolean {
    return this.isBegun;
  }
}
