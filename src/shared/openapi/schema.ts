/**
 * A part of the shape of a request or an answer, as JSON Schema 2020-12 writes it, which is what OpenAPI 3.1 takes. These few words keep the
 * descriptions of endpoints short enough to be read beside the code that they describe.
 */
export type Schema = Readonly<Record<string, unknown>>;

/** Members of an object, by their names. */
export type Members = Readonly<Record<string, Schema>>;

export function text(description: string, more: Schema = {}): Schema {
  return { type: 'string', description, ...more };
}

/** One text of a fixed set. */
export function word(values: readonly string[], description: string): Schema {
  return { type: 'string', enum: [...values], description };
}

/** One text of a fixed set, each with what it means. @param description what all of them are about */
export function explainedWord(meanings: Readonly<Record<string, string>>, description: string): Schema {
  const listed = Object.entries(meanings).map(([value, meaning]) => `- \`${value}\`: ${meaning}`);
  return word(Object.keys(meanings), `${description}\n\n${listed.join('\n')}`);
}

/** RFC 3339. */
export function instant(description: string): Schema {
  return { type: 'string', format: 'date-time', description };
}

/** A whole number that is not negative. */
export function count(description: string): Schema {
  return { type: 'integer', minimum: 0, description };
}

/** A number that is not negative, with a fraction perhaps. */
export function quantity(description: string): Schema {
  return { type: 'number', minimum: 0, description };
}

export function flag(description: string): Schema {
  return { type: 'boolean', description };
}

export function list(items: Schema, description: string): Schema {
  return { type: 'array', items, description };
}

/** One value for each name, where names are not known beforehand. */
export function mapOf(values: Schema, description: string): Schema {
  return { type: 'object', additionalProperties: values, description };
}

/** @param required members that are always there @param optional members that may be left out */
export function object(required: Members, optional: Members = {}, description?: string): Schema {
  return {
    type: 'object',
    ...(description !== undefined && { description }),
    properties: { ...required, ...optional },
    ...(Object.keys(required).length > 0 && { required: Object.keys(required) }),
  };
}

/** The same where members may stand beside those that are named, such as claims of a token. */
export function openObject(required: Members, optional: Members = {}, description?: string): Schema {
  return { ...object(required, optional, description), additionalProperties: true };
}
