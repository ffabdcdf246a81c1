import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../shared/json-value.js';
import type { Identity } from './identity.js';

/** `google.protobuf.Value`, as the library takes it. */
type Value =
  | { readonly nullValue: 'NULL_VALUE' }
  | { readonly boolValue: boolean }
  | { readonly numberValue: number }
  | { readonly stringValue: string }
  | { readonly listValue: { readonly values: readonly Value[] } }
  | { readonly structValue: Struct };

/** `google.protobuf.Struct`, as the library takes it. */
export interface Struct {
  readonly fields: Readonly<Record<string, Value>>;
}

/** What filters behind ext_authz can decide by: the same as the headers say, without their encodings. */
export function dynamicMetadata({ answer, audiences, expiresSeconds }: Identity): Struct {
  const { iss, sub, client_id: clientId, scope } = answer;
  return structOf({
    ...(iss !== undefined && { issuer: iss }),
    ...(sub !== undefined && { subject: sub }),
    ...(clientId !== undefined && { client_id: clientId }),
    ...(typeof scope === 'string' && { scope: scope.split(' ').filter((each) => each !== '') }),
    audience: [...audiences],
    exp: expiresSeconds,
    claims: answer,
  });
}

function structOf(object: JsonObject): Struct {
  const fields: Record<string, Value> = {};
  for (const [name, value] of Object.entries(object)) {
    // Deep within a claim a member may be called so: an assignment would make a prototype of it.
    if (value !== undefined && name !== '__proto__') fields[name] = valueOf(value);
  }
  return { fields };
}

function valueOf(value: JsonValue): Value {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (isJsonArray(value)) return { listValue: { values: value.map(valueOf) } };
  return isJsonObject(value) ? { structValue: structOf(value) } : { nullValue: 'NULL_VALUE' };
}
