// What documents say of our endpoints, held to the OpenAPI document: paths, methods, parameters, and what is sent.
import { apiDocument } from '../../../src/app/openapi/api-documents.js';
import { undocumented } from '../../../src/app/openapi/endpoints.js';
import { read } from './documents.js';
import { DocumentedApi, type DocumentedOperation } from '../../e2e/support/documented-api.js';

/** Both listeners. */
export const api = new DocumentedApi(apiDocument('management') as Readonly<Record<string, unknown>>);

/** A request as a document writes it. */
export interface WrittenRequest {
  readonly method: string;
  readonly url: URL;
  /** A text where it is one; `undefined` where it is read from somewhere. */
  readonly body?: string;
  readonly isJson: boolean;
}

/** What the demo issuer serves, beside what is in our document. */
const ofDemoIssuer = ['POST /token', 'GET /jwks', 'POST /rotate'];

/** Hosts where somebody else listens. */
function isOurs({ hostname, port }: URL): boolean {
  const isLocal = ['127.0.0.1', 'localhost'].includes(hostname) && ['8080', '8081', '8082'].includes(port);
  return isLocal || hostname.startsWith('assay.');
}

/** In what a request differs from what our endpoints take. */
export function problemsOfRequest({ method, url, body, isJson }: WrittenRequest): readonly string[] {
  if (url.port === '8082') {
    return ofDemoIssuer.includes(`${method} ${url.pathname}`)
      ? []
      : [`the demo issuer has no ${method} ${url.pathname}`];
  }
  if (`${method} ${url.pathname}` in undocumented) return [];
  const operation = api.operations.find((each) => each.method.toUpperCase() === method && matches(each, url.pathname));
  if (!operation) return [`no endpoint ${method} ${url.pathname}`];
  const { port } = url;
  const listener = { '8080': 'public', '8081': 'management' }[port] ?? operation.listener;
  const elsewhere = listener === operation.listener ? [] : [`${url.pathname} is not at port ${port}`];
  return [
    ...elsewhere,
    ...unknownParameters(operation, url),
    ...(body === undefined ? [] : problemsOfBody(operation, body, isJson)),
  ];
}

/** Addresses of ours in a text of another program: of each only whether there is such a path. */
export function problemsOfAddresses(text: string): readonly string[] {
  const urls = [...text.matchAll(/\bhttps?:\/\/[\w.:-]+\/[\w./?=&:%-]*/gu)].map(([url]) => new URL(url));
  return urls.filter(isOurs).flatMap((url) => {
    const operations = api.operations.filter((each) => matches(each, url.pathname));
    if (operations.length === 0) return [`no endpoint ${url.pathname}`];
    return operations.flatMap((each) => unknownParameters(each, url));
  });
}

/** Whether an answer of ours, or a record of the audit trail, has a member of this name. */
export function isMember(name: string): boolean {
  return memberNames.has(name) || read('docs/audit.md').includes(`"${name}"`);
}

const memberNames: ReadonlySet<string> = new Set(propertiesIn(apiDocument('management')));

/** Names of all properties of all schemas. */
function propertiesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { properties = {} } = value as { readonly properties?: object };
  return [...Object.keys(properties), ...Object.values(value).flatMap(propertiesIn)];
}

function matches({ path }: DocumentedOperation, pathname: string): boolean {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/gu, '[^/]+')}$`, 'u').test(pathname);
}

function unknownParameters({ parameters = [], operationId }: DocumentedOperation, url: URL): readonly string[] {
  const known = parameters.filter((each) => each.in === 'query').map(({ name }) => name);
  return [...url.searchParams.keys()]
    .filter((name) => !known.includes(name))
    .map((name) => `${operationId} has no parameter ${name}`);
}

function problemsOfBody(operation: DocumentedOperation, body: string, isJson: boolean): readonly string[] {
  const type = isJson ? 'application/json' : 'application/x-www-form-urlencoded';
  const value: unknown = isJson ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
  return api.problemsOfBody(operation, type, value);
}
