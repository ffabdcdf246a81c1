/** A section of the file under its key, and the type of what it is made ready as. */
export interface NamedSection<Prepared> {
  readonly key: string;
  /** Carries the type, and no value. */
  readonly prepared?: Prepared;
}

type Apply = (prepared: never) => void;

/** The prepared configuration in force. Whoever depends on a section follows it, and is given each change of it in the same tick. */
export class ActiveConfiguration {
  private readonly followers: (readonly [key: string, apply: Apply])[] = [];

  /** @param prepared by the keys of sections */
  constructor(private prepared: Readonly<Record<string, unknown>>) {}

  /** What is in force now. */
  of<Prepared>({ key }: NamedSection<Prepared>): Prepared {
    return this.prepared[key] as Prepared;
  }

  /** Calls `apply` at once with what is in force, and from now on with whatever comes into force. */
  follow<Prepared>(section: NamedSection<Prepared>, apply: (prepared: Prepared) => void): void {
    this.followers.push([section.key, apply]);
    apply(this.of(section));
  }

  /** Brings another configuration into force: in one tick, so that no request sees half of a change. */
  replace(prepared: Readonly<Record<string, unknown>>): void {
    this.prepared = prepared;
    for (const [key, apply] of this.followers) apply(prepared[key] as never);
  }
}
