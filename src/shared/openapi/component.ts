/** Where a document keeps what several places of it refer to. */
export type ComponentKind = 'schemas' | 'responses';

/** The name under which a part of a document is kept, and where. */
export interface ComponentName {
  readonly kind: ComponentKind;
  readonly name: string;
}

/** Kept beside the parts, so that a copy of a part, which may have other members, does not inherit its name. */
const names = new WeakMap<object, ComponentName>();

/** Gives a part a name, by which the document refers to it wherever it is used. Whoever writes a client sees these names as types. */
export function named<Part extends object>(kind: ComponentKind, name: string, part: Part): Part {
  names.set(part, { kind, name });
  return part;
}

/** @returns `undefined` for a part that is written out where it is used */
export function nameOf(part: object): ComponentName | undefined {
  return names.get(part);
}

/** The named parts of one document. */
export class Components {
  private readonly found: Record<ComponentKind, Record<string, unknown>> = { schemas: {}, responses: {} };
  private readonly parts = new Map<string, object>();

  /** The same with references in the place of named parts. @throws {Error} where two parts have one name */
  refer(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.refer(each));
    if (typeof value !== 'object' || value === null) return value;
    const name = nameOf(value);
    return name ? this.referTo(value, name) : this.within(value);
  }

  /** All that was referred to. */
  get all(): Readonly<Record<string, unknown>> {
    return this.found;
  }

  private within(value: object): object {
    return Object.fromEntries(Object.entries(value).map(([member, each]) => [member, this.refer(each)]));
  }

  private referTo(part: object, { kind, name }: ComponentName): object {
    const $ref = `#/components/${kind}/${name}`;
    const known = this.parts.get($ref);
    if (known !== undefined && known !== part) throw new Error(`two parts of the document are called ${kind} ${name}`);
    if (known === undefined) {
      this.parts.set($ref, part);
      this.found[kind][name] = this.within(part);
    }
    return { $ref };
  }
}
