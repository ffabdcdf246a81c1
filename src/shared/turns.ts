/** Something that waits for its turn. */
export interface Named<Value> {
  readonly name: string;
  readonly value: Value;
}

/** Values by name, in the order of their turns. Who is added goes before all others. */
export class Turns<Value> {
  private readonly values = new Map<string, Value>();
  /** Names; the first is next. */
  private readonly order: string[] = [];

  get size(): number {
    return this.order.length;
  }

  /** Whose turn it is. */
  get first(): Named<Value> | undefined {
    return this.named(this.order[0]);
  }

  get(name: string): Value | undefined {
    return this.values.get(name);
  }

  getOrAdd(name: string, make: () => Value): Value {
    const value = this.values.get(name);
    if (value !== undefined) return value;
    const made = make();
    this.values.set(name, made);
    this.order.unshift(name);
    return made;
  }

  delete(name: string): void {
    this.values.delete(name);
    this.takeOut(name);
  }

  /** Nothing where there is none of this name; as {@link toTheEnd}. */
  toTheFront(name: string): void {
    if (this.takeOut(name)) this.order.unshift(name);
  }

  toTheEnd(name: string): void {
    if (this.takeOut(name)) this.order.push(name);
  }

  total(lengthOf: (value: Value) => number): number {
    return [...this.values.values()].reduce((total, value) => total + lengthOf(value), 0);
  }

  /** Whose value is longest; of several the one whose turn is last. */
  longest(lengthOf: (value: Value) => number): Named<Value> | undefined {
    let found: Named<Value> | undefined;
    let most = 0;
    for (const name of this.order) {
      const named = this.named(name);
      const length = named ? lengthOf(named.value) : 0;
      if (length >= most) [found, most] = [named, length];
    }
    return found;
  }

  private named(name: string | undefined): Named<Value> | undefined {
    const value = name === undefined ? undefined : this.values.get(name);
    return name === undefined || value === undefined ? undefined : { name, value };
  }

  private takeOut(name: string): boolean {
    const place = this.order.indexOf(name);
    if (place >= 0) this.order.splice(place, 1);
    return place >= 0;
  }
}
