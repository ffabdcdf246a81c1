/** Refuses requests of the management listener that Nest's guards do not see: paths and methods that have no route are as closed as the others. */
import { Drain } from '../transport/http/drain.js';
import type { HttpLimits } from '../transport/http/http-limits.js';
import { defaultHttpLimits } from '../transport/http/http-limits.js';
import type { HttpListener } from '../transport/http/http-listener.js';
import type { HttpRequest } from '../transport/http/http-request.js';
import type { ListenerRules } from '../transport/http/listener-rules.js';
import { TrustedProxies } from '../transport/trusted-proxies.js';
import { type AdminAuthenticator, presentedAdmin } from './admin-authenticator.js';
import { AdminProblem } from './admin-problem.js';

/** Its clients are kubelets, scrapers and operators, who may wait long for what they ask. */
const defaultLimits: HttpLimits = {
  ...defaultHttpLimits,
  headerCount: 1_000,
  targetLength: 16 * 1024,
  requestMs: 10_000,
  silenceMs: 0,
};

/** Paths of the admin API, however the rest of them is spelled. */
const adminPath = /^\/admin(?:[/?]|$)/;

/** Whether a request is for the admin API: by the route that was found for it; where none was, by what it asks for. */
export function isForAdmin({ route, url = '' }: HttpRequest): boolean {
  return adminPath.test(route === '' ? url : route);
}

/** The listener for probes and operators. No forwarded header is believed here. */
export function managementListener(limits: Partial<HttpLimits> = {}): HttpListener {
  return {
    limits: { ...defaultLimits, ...limits },
    proxies: new TrustedProxies([]),
    drain: new Drain(),
    headers: ['cache-control', 'no-store', 'x-content-type-options', 'nosniff'],
    refusal: (status) => {
      const code = status === 500 ? 'server_error' : 'request_refused';
      const problem = new AdminProblem(status, code, 'the request cannot be read');
      return { type: 'application/problem+json', body: JSON.stringify(problem.document()) };
    },
    allow: 'DELETE, GET, HEAD, POST',
  };
}

/** Guards run for routes only: what leads nowhere in the admin API is as closed as what leads somewhere. */
export function managementRules(authenticator: AdminAuthenticator): ListenerRules {
  return {
    refuseUnknown: async (request, allowed) => {
      try {
        if (isForAdmin(request)) await authenticator.admit(presentedAdmin(request));
      } catch (error) {
        return error as Error;
      }
      return allowed.length === 0 ? unknownResource() : wrongMethod(allowed);
    },
  };
}

function unknownResource(): AdminProblem {
  return new AdminProblem(404, 'resource_unknown', 'there is no such resource');
}

function wrongMethod(allowed: readonly string[]): AdminProblem {
  const headers = { allow: allowed.join(', ') };
  return new AdminProblem(405, 'method_not_allowed', 'the resource does not have this method', { headers });
}
