import type { JsonValue } from './json-value.js';

/** Makes a value immutable at every depth. As deep as the value: one of the strict parser is never deeper than its limit. */
export function freezeJson(value: JsonValue | undefined): void {
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) freezeJson(member);
  Object.freeze(value);
}
