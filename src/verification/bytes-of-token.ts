import { isJsonArray, isJsonObject, type JsonValue } from '../shared/json-value.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';

/** The digest, the list and the map that lead to an entry, and the objects around its claims. */
const ENTRY_BYTES = 640;

/** One value: its slot, and its box or its head. */
const VALUE_BYTES = 48;

/** One member: its place in its object, and its part of the shape of that object, which no other object need have. */
const MEMBER_BYTES = 140;

/** An array, empty. */
const ARRAY_BYTES = 64;

/** An object, empty, and its shape. */
const OBJECT_BYTES = 128;

/** What it costs to remember a token, in bytes: rather too much than too little. Values are those of V8 on 64 bits. */
export function bytesOf(token: string, { claims }: VerifiedJwt): number {
  // Strings are cut out of the decoded payload and keep it alive; three octets of it are four characters of the token, and
  // one letter beyond Latin-1 makes each of its characters take two bytes.
  return ENTRY_BYTES + Math.ceil(1.5 * token.length) + bytesOfValue(claims);
}

function bytesOfValue(value: JsonValue | undefined): number {
  if (typeof value === 'string') return VALUE_BYTES + 2 * value.length;
  if (isJsonArray(value)) return value.reduce<number>((sum, member) => sum + bytesOfValue(member), ARRAY_BYTES);
  if (!isJsonObject(value)) return VALUE_BYTES;
  let sum = OBJECT_BYTES;
  for (const name in value) sum += MEMBER_BYTES + 2 * name.length + bytesOfValue(value[name]);
  return sum;
}
