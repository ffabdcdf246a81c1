/** Says that the service is going away: from then on the public listener refuses every request. */
export class Drain {
  private isBegun = false;

  /** Requests that are already in work finish. */
  begin(): void {
    this.isBegun = true;
  }

  get begun(): boolean {
    return this.isBegun;
  }
}
