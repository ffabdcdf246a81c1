import { isJsonObject, type JsonObject } from '../shared/json-value.js';
import { parseStrictJson, StrictJsonError } from '../shared/strict-json.js';
import { AdminProblem, type FieldProblem } from './admin-problem.js';

/** The body of a request as one JSON object. @throws {AdminProblem} 400 */
export function readObject(body: Uint8Array | undefined): JsonObject {
  try {
    const value = parseStrictJson(body ?? new Uint8Array());
    if (isJsonObject(value)) return value;
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
  }
  throw new AdminProblem(400, 'body_invalid', 'the body must be one JSON object, each member once');
}

/** @param status 422, or 400 where the contract says so */
export function fieldsInvalid(errors: readonly FieldProblem[], status: 400 | 422 = 422): AdminProblem {
  return new AdminProblem(status, 'fields_invalid', 'some fields are not as expected', { errors });
}
