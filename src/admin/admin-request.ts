import type { HttpRequest } from '../transport/http/http-request.js';
import { sourceOf } from '../transport/http/peer-of-request.js';
import type { PresentedAdmin } from './admin-authenticator.js';
import { unauthorized } from './admin-problem.js';
import type { Admin } from './admin-tokens.js';

/** A request of the management listener. */
export type AdminRequest = HttpRequest & { admin?: Admin };

/** Who was let in. @throws {AdminProblem} for nobody, which the guard has refused before */
export function adminOf({ admin }: AdminRequest): Admin {
  if (admin) return admin;
  throw unauthorized('credentials_missing');
}

/** What can say who uses the admin API. It is all in the head: nobody's body is read before. */
export function presentedAdmin({ method = '', headers, rawHeaders, socket }: HttpRequest): PresentedAdmin {
  return { method, headers, rawHeaders, peer: sourceOf({ socket, ip: undefined }) };
}
