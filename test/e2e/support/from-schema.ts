import fc from 'fast-check';

/** A JSON Schema, as far as our documents use it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

type Members = Readonly<Record<string, JsonSchema>>;

/** Values that a test puts in the place of those of a schema, by the name of a member or of a parameter. */
export type Pools = Readonly<Record<string, readonly string[]>>;

/** How values are made. */
export interface Making {
  /** Follows a reference. */
  readonly resolve: (schema: JsonSchema) => JsonSchema;
  readonly pools: Pools;
}

/** Values that fit a schema. @throws {Error} for a part of JSON Schema that no document of ours has used before */
export function fitting(schema: JsonSchema, making: Making): fc.Arbitrary<unknown> {
  const {
    type,
    enum: words,
    const: only,
    anyOf,
    oneOf,
  } = making.resolve(schema) as {
    readonly type?: string;
    readonly enum?: readonly unknown[];
    readonly const?: unknown;
    readonly anyOf?: readonly JsonSchema[];
    readonly oneOf?: readonly JsonSchema[];
  };
  if (words) return fc.constantFrom(...words);
  if (only !== undefined) return fc.constant(only);
  const choices = anyOf ?? oneOf;
  if (choices) return fc.oneof(...choices.map((each) => fitting(each, making)));
  switch (type) {
    case 'string':
      return textFitting(making.resolve(schema));
    case 'integer':
      return integerFitting(making.resolve(schema));
    case 'number':
      return fc.double({ min: 0, max: 1e9, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(fitting(schema['items'] as JsonSchema, making), { maxLength: 3 });
    case 'object':
      return objectFitting(making.resolve(schema), making);
    default:
      throw new Error(`how to make values of ${JSON.stringify(schema)} is not known`);
  }
}

/** Values that fit, and values of which no schema was thought: a member more, one of another kind, something else altogether. */
export function hostile(schema: JsonSchema, making: Making): fc.Arbitrary<unknown> {
  const good = fitting(schema, making);
  const spoilt = fc.tuple(good, fc.string({ unit: 'grapheme' }), fc.jsonValue()).map(([value, name, other]) => {
    if (typeof value !== 'object' || value === null) return other;
    const [first = name] = Object.keys(value);
    return { ...value, [name.length % 2 === 0 ? first : name]: other };
  });
  return fc.oneof(
    { weight: 5, arbitrary: good },
    { weight: 3, arbitrary: spoilt },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
}

function textFitting({ format, pattern, minLength = 0, maxLength = 60 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'date-time') {
    const [min, max] = [new Date('2000-01-01'), new Date('2090-01-01')];
    return fc.date({ min, max, noInvalidDate: true }).map((date) => date.toISOString());
  }
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern));
  const [min, max] = [Number(minLength), Number(maxLength)];
  return fc.string({ unit: 'grapheme', minLength: min, maxLength: Math.min(max, 60) });
}

function integerFitting({ minimum = -1000, maximum = 1_000_000 }: JsonSchema): fc.Arbitrary<number> {
  return fc.integer({ min: Number(minimum), max: Number(maximum) });
}

function objectFitting({ properties = {}, required = [] }: JsonSchema, making: Making): fc.Arbitrary<unknown> {
  const members = Object.entries(properties as Members).map(([name, schema]) => {
    const pool = making.pools[name];
    return [name, pool ? fc.constantFrom(...pool) : fitting(schema, making)] as const;
  });
  return fc.record(Object.fromEntries(members), { requiredKeys: [...(required as readonly string[])] });
}
