/**
 * JSON as Assay holds it. An integer that a double cannot carry exactly is a `bigint`, so that it leaves
 * with the digits it came with (RFC 8259 §6, RFC 7493 §2.2).
 */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;

/** A JSON object. Made by the strict parser without a prototype: `__proto__` is a member like any other. */
export interface JsonObject {
  readonly [member: string]: JsonValue | undefined;
}

/** Whether `value` is a JSON object (not an array, not null). */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether `value` is a JSON array. */
export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Makes a value immutable at every depth. As deep as the value: one of the strict parser is never deeper than its limit. */
export function freezeJson(value: JsonValue | undefined): void {
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) freezeJson(member);
  Object.freeze(value);
}
