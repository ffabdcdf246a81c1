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

/** Serves the console below `/console/`, and the documents below `/console/docs/`. Not as a controller: Nest has no route that ends with a slash. */
export function serveConsole(adapter: HttpAdapter, { files, isOn }: ServedConsole): void {
  const serve = (find: (request: HttpRequest) => ConsoleFile | undefined, caching: string) => {
    return (request: HttpRequest, response: HttpResponse): void => {
      const file = isOn() ? find(request) : undefined;
      if (file) give(request, response, { file, caching });
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
  const documents = files?.documents;
  adapter.get(
    '/console/docs/',
    serve(() => documents?.find('index.html'), 'no-cache'),
  );
  adapter.get(
    '/console/docs/:page',
    serve(({ params }) => documents?.find(params['page'] ?? ''), 'no-cache'),
  );
  adapter.get(
    '/console/docs/:folder/:page',
    serve(({ params }) => documents?.find(`${params['folder'] ?? ''}/${params['page'] ?? ''}`), 'no-cache'),
  );
  for (const path of ['console', 'docs']) redirect(adapter, path);
}

/** A browser finds what a page refers to only below an address that ends with a slash. */
function redirect(adapter: HttpAdapter, folder: string): void {
  adapter.get(folder === 'console' ? '/console' : `/console/${folder}`, (_: HttpRequest, response: HttpResponse) => {
    response.statusCode = 308;
    response.setHeader('location', `${folder}/`).answer('');
  });
}

interface Given {
  readonly file: ConsoleFile;
  readonly caching: string;
}

/** A browser that has it already is told so (RFC 9110 §13.1.2). */
function give({ headers }: HttpRequest, response: HttpResponse, { file: { type, body, etag }, caching }: Given): void {
  response.setHeader('cache-control', caching).setHeader('etag', etag);
  for (const [name, value] of Object.entries(protection)) response.setHeader(name, value);
  if (headers['if-none-match'] === etag) {
    response.statusCode = 304;
    response.answer('');
    return;
  }
  response.setHeader('content-type', type).answer(body);
}

function refuse(response: HttpResponse, isBuilt: boolean): void {
  const detail = isBuilt ? 'there is no such resource' : 'the console was not built: npm run build';
  const problem = new AdminProblem(404, 'resource_unknown', detail);
  response.statusCode = problem.status;
  response.setHeader('content-type', 'application/problem+json').answer(JSON.stringify(problem.document()));
}
