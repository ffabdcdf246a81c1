/** The errors of the admin API (RFC 9457), all with constant texts: nothing of a request comes back in them. */
import { STATUS_CODES } from 'node:http';

/** What went wrong, for programs. A fixed set. */
export type ProblemCode =
  | 'body_invalid'
  | 'caller_unknown'
  | 'credentials_invalid'
  | 'credentials_missing'
  | 'fields_invalid'
  | 'host_not_local'
  | 'issuer_unknown'
  | 'key_not_denied'
  | 'replica_live'
  | 'replica_unknown'
  | 'revocation_full'
  | 'revocation_unknown'
  | 'signal_unknown'
  | 'key_denied_by_configuration'
  | 'keys_not_fetched'
  | 'look_refused'
  | 'media_type_unsupported'
  | 'method_not_allowed'
  | 'not_local'
  | 'origin_foreign'
  | 'request_refused'
  | 'resource_unknown'
  | 'role_insufficient'
  | 'server_error'
  | 'session_over'
  | 'store_unavailable'
  | 'token_undecided'
  | 'tokens_not_configured'
  | 'too_many_attempts';

/** What is wrong with one field of a request. */
export interface FieldProblem {
  /** Name of the field; of a parameter of the path, its name there. */
  readonly field: string;
  /** What was expected; a constant sentence, never an echo of what came. */
  readonly detail: string;
}

/** What an {@link AdminProblem} may add. */
export interface AdminProblemOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly errors?: readonly FieldProblem[];
}

/** An admin request cannot be granted (RFC 9457). Both texts are constants of ours. */
export class AdminProblem extends Error {
  override readonly name = 'AdminProblem';
  readonly headers: Readonly<Record<string, string>>;
  readonly errors: readonly FieldProblem[];

  /** @param detail for the operator */
  constructor(
    readonly status: number,
    readonly code: ProblemCode,
    readonly detail: string,
    { headers = {}, errors = [] }: AdminProblemOptions = {},
  ) {
    super(detail);
    this.headers = headers;
    this.errors = errors;
  }

  /** The problem document. Its type says no more than its status, so it is `about:blank`; `code` is ours. */
  document(): Readonly<Record<string, unknown>> {
    const { status, code, detail, errors } = this;
    const title = STATUS_CODES[status] ?? 'Error';
    return { type: 'about:blank', title, status, detail, code, ...(errors.length > 0 && { errors }) };
  }
}

/** 401 with the one challenge there is (RFC 6750 §3). */
export function unauthorized(code: 'credentials_missing' | 'credentials_invalid'): AdminProblem {
  const realm = 'Bearer realm="assay-admin"';
  const [challenge, detail] =
    code === 'credentials_missing'
      ? [realm, 'an admin token is needed: Authorization: Bearer']
      : [`${realm}, error="invalid_token"`, 'this is not an admin token'];
  return new AdminProblem(401, code, detail, { headers: { 'www-authenticate': challenge } });
}

/** A refusal that ends by itself. */
export function retryLater(status: 429 | 503, code: ProblemCode, detail: string, waitMs: number): AdminProblem {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new AdminProblem(status, code, detail, { headers: { 'retry-after': String(seconds) } });
}
