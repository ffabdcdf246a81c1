import { isJsonArray, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { stringifyJson } from '../shared/strict-json.js';
import type { AnswerForm } from '../verification/prepared-answer.js';
import { bytesOfValue } from '../verification/verified-token-cache.js';
import { introspectionAnswer } from './introspection-answer.js';
import type { Active } from './introspector.js';

/** `assay.v1.IntrospectResponse` as the library takes it; an int64 that a double cannot carry exactly is text. */
export type IntrospectResponse = Readonly<Record<string, FieldValue>>;

/** Not a byte of it is on the wire, whatever the reason (INV-02). */
export const inactiveResponse: IntrospectResponse = {};

type FieldValue = boolean | number | string | readonly string[];

/** Writes what an answer says into its field; `undefined` where the value is none that the field can carry. */
interface FieldOfMember {
  /** As the library spells it. */
  readonly field: string;
  readonly write: (value: JsonValue) => FieldValue | undefined;
}

const text = (value: JsonValue): string | undefined => (typeof value === 'string' ? value : undefined);
const time = (value: JsonValue): number | string | undefined => (typeof value === 'number' ? int64(value) : undefined);

/** RFC 7519 §4.1.3: an audience is a text, or a list of them. */
function texts(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value];
  return isJsonArray(value) ? value.filter((member) => typeof member === 'string') : [];
}

/** The members of an answer that have a field of their own. */
const fields: ReadonlyMap<string, FieldOfMember> = new Map([
  ['active', { field: 'active', write: () => true }],
  ['iss', { field: 'iss', write: text }],
  ['sub', { field: 'sub', write: text }],
  ['aud', { field: 'aud', write: texts }],
  ['exp', { field: 'exp', write: time }],
  ['iat', { field: 'iat', write: time }],
  ['nbf', { field: 'nbf', write: time }],
  ['jti', { field: 'jti', write: text }],
  ['client_id', { field: 'clientId', write: text }],
  ['scope', { field: 'scope', write: text }],
  ['token_type', { field: 'tokenType', write: text }],
  ['username', { field: 'username', write: text }],
]);

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** Writes the answer for a good token into the message. What has no field of its own goes into `claims_json` (RGRPC-03). */
function introspectResponse(answer: JsonObject): IntrospectResponse {
  const response: Record<string, FieldValue> = {};
  // No member is called `__proto__`.
  const further: Record<string, JsonValue> = {};
  for (const name in answer) {
    const value = answer[name];
    if (value === undefined) continue;
    const own = fields.get(name);
    const written = own?.write(value);
    if (own && written !== undefined) response[own.field] = written;
    else further[name] = value;
  }
  response['claimsJson'] = stringifyJson(further);
  return response;
}

/** The answer as the message. */
export const responseForm: AnswerForm<Active, IntrospectResponse> = {
  write: (active) => introspectResponse(introspectionAnswer(active)),
  bytesOf: (response) => bytesOfValue(response),
};

/** A time beyond int64 is as far away as int64 can say. */
function int64(seconds: number): number | string {
  if (Number.isSafeInteger(seconds)) return seconds;
  const exact = BigInt(seconds);
  if (exact > INT64_MAX) return INT64_MAX.toString();
  return (exact < INT64_MIN ? INT64_MIN : exact).toString();
}
