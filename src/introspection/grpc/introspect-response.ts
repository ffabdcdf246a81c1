import type { JsonObject, JsonValue } from '../../shared/json-value.js';
import { stringifyJson } from '../../shared/strict-json.js';

/** `assay.v1.IntrospectResponse` as the library takes it; an int64 is text. */
export type IntrospectResponse = Readonly<Record<string, boolean | string | readonly string[]>>;

/** Not a byte of it is on the wire, whatever the reason (INV-02). */
export const inactiveResponse: IntrospectResponse = {};

const textFields: ReadonlySet<string> = new Set(['iss', 'sub', 'client_id', 'scope', 'token_type', 'jti', 'username']);
const timeFields: ReadonlySet<string> = new Set(['exp', 'iat', 'nbf']);

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** Writes the answer for a good token into the message. What has no field of its own goes into `claims_json` (RGRPC-03). */
export function introspectResponse(answer: JsonObject): IntrospectResponse {
  const response: Record<string, boolean | string | readonly string[]> = { active: true };
  const further = Object.create(null) as Record<string, JsonValue>;
  for (const [name, value] of Object.entries(answer)) {
    if (name === 'active' || value === undefined) continue;
    const field = fieldValue(name, value);
    if (field === undefined) further[name] = value;
    else response[camelCase(name)] = field;
  }
  return { ...response, claimsJson: stringifyJson(further) };
}

/** @returns `undefined` where there is no field for it */
function fieldValue(name: string, value: JsonValue): string | readonly string[] | undefined {
  if (name === 'aud') return [value].flat().filter((audience) => typeof audience === 'string');
  if (textFields.has(name) && typeof value === 'string') return value;
  if (timeFields.has(name) && typeof value === 'number') return int64(value);
  return undefined;
}

/** A time beyond int64 is as far away as int64 can say. */
function int64(seconds: number): string {
  if (Number.isSafeInteger(seconds)) return String(seconds);
  const exact = BigInt(seconds);
  if (exact > INT64_MAX) return INT64_MAX.toString();
  return (exact < INT64_MIN ? INT64_MIN : exact).toString();
}

/** As the library spells fields. */
function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
