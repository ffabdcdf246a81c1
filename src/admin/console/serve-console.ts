/** Serves the files of the console from memory, with header fields that let a browser load nothing from anywhere else. */
import type { HttpAdapter } from '../../transport/http/http-adapter.js';
import type { HttpRequest } from '../../transport/http/http-request.js';
import type { HttpResponse } from '../../transport/http/http-response.js';
import { AdminProblem } from '../admin-problem.js';
import type { ConsoleFile, ConsoleFiles } from './console-files.js';

/**
 * Nothing from anywhere else, nothing inline, no frame around it, and no form that a browser could send by itself: a pasted token
 * would be in its address.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const protection: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'x-frame-options': 'DENY',
};

/** Its name changes with what is in it. */
const forEver = 'public, max-age=31536000, immutable';

/** What is given out without any token: the same octets for everybody. */
export interface ServedConsole {
  readonly files: ConsoleFiles | undefined;
  /** Whether the configuration has not switched it off; asked for each request. */
  readonly isOn: () => boolean;
}

/** Serves the console below `/console/`. Not as a controller: Nest has no route that ends with a slash. */
export function serveConsole(adapter: HttpAdapter, { files, isOn }: ServedConsole): void {
  const serve = (find: (request: HttpRequest) => ConsoleFile | undefined, caching: string) => {
    return (request: HttpRequest, response: HttpResponse): void => {
      const file = isOn() ? find(request) : undefined;
      if (file) give(response, file, caching);
      else refuse(response, files !== undefined || !isOn());
    };
  };
  adapter.get(
    '/console/',
    serve(() => files?.page, 'no-cache'),
  );
  adapter.get(
    '/console/assets/:file',
    serve(({ params }) => files?.assets.get(params['file'] ?? ''), forEver),
  );
  adapter.get('/console', (_: HttpRequest, response: HttpResponse) => {
    response.statusCode = 308;
    response.setHeader('location', 'console/').answer('');
  });
}

function give(response: HttpResponse, { type, body }: ConsoleFile, caching: string): void {
  response.setHeader('content-type', type).setHeader('cache-control', caching);
  for (const [name, value] of Object.entries(protection)) response.setHeader(name, value);
  response.answer(body);
}

function refuse(response: HttpResponse, isBuilt: boolean): void {
  const detail = isBuilt ? 'there is no such resource' : 'the console was not built: npm run build';
  const problem = new AdminProblem(404, 'resource_unknown', detail);
  response.statusCode = problem.status;
  response.setHeader('content-type', 'application/problem+json').answer(JSON.stringify(problem.document()));
}
