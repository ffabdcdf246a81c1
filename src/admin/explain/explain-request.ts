import { fieldsInvalid, readObject } from '../admin-body.js';
import type { FieldProblem } from '../admin-problem.js';

/** What is to be explained. */
export interface ExplainRequest {
  readonly token: string;
  /** Id of the caller for whom it is judged. */
  readonly callerId: string;
}

/**
 * Reads the body of `POST /admin/v1/explain`. How long a token may be is the verifier's business: one that is too long has a
 * verdict, too; what the listener does not take is 413 before this is asked.
 * @throws {AdminProblem} 400, naming every field that is wrong and repeating none
 */
export function readExplainRequest(body: Uint8Array | undefined): ExplainRequest {
  const { token, caller, ...others } = readObject(body);
  const problems: FieldProblem[] = [];
  if (!isText(token)) problems.push({ field: 'token', detail: 'the token as the caller sends it, a text' });
  if (!isText(caller)) problems.push({ field: 'caller', detail: 'the id of a registered caller, a text' });
  if (Object.keys(others).length > 0) problems.push({ field: '(unknown)', detail: 'only token and caller' });
  if (!isText(token) || !isText(caller) || problems.length > 0) throw fieldsInvalid(problems, 400);
  return { token, callerId: caller };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
