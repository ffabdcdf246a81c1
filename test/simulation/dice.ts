/** Chance that can be repeated: everything random in a simulation comes from one seed. */
export class Dice {
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** Uniform in [0, 1); mulberry32. */
  readonly roll = (): number => {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };

  chance(probability: number): boolean {
    return this.roll() < probability;
  }

  between(least: number, most: number): number {
    return least + this.roll() * (most - least);
  }

  integer(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1));
  }

  oneOf<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.roll() * choices.length)]!;
  }

  /** Independent of what is rolled here later. */
  fork(): Dice {
    return new Dice(Math.floor(this.roll() * 4_294_967_296));
  }
}
