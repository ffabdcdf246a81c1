import fc from 'fast-check';
import { request as send } from 'node:http';
import type { DocumentedApi, DocumentedOperation, DocumentedParameter, GivenAnswer } from './documented-api.js';
import { fitting, hostile, type Making, type Pools } from './from-schema.js';

/** One request, ready to be sent. */
export interface MadeRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a test knows that no document says. */
export interface RequestTools {
  readonly pools: Pools;
  /** `Authorization` for each way of access: some that are good, and some that are not. */
  readonly authorizations: Readonly<Record<string, readonly string[]>>;
}

/** Requests for one endpoint, made from what the document says of it: good ones, and ones that are nearly good. */
export function requestsFor(
  operation: DocumentedOperation,
  api: DocumentedApi,
  { pools, authorizations }: RequestTools,
): fc.Arbitrary<MadeRequest> {
  const making: Making = { resolve: api.resolve, pools };
  const valuesOf = (place: string) =>
    fc.record(
      Object.fromEntries(
        (operation.parameters ?? [])
          .filter((each) => each.in === place)
          .map((each) => [each.name, valueOf(each, making)] as const),
      ),
      { requiredKeys: place === 'path' ? namesOf(operation) : [] },
    ) as fc.Arbitrary<Readonly<Record<string, string>>>;
  const ways = operation.security.flatMap((each) => Object.keys(each)).flatMap((name) => authorizations[name] ?? []);
  const authorization =
    ways.length === 0 ? fc.constant(undefined) : fc.option(fc.constantFrom(...ways), { freq: 8, nil: undefined });
  return fc
    .record({
      path: valuesOf('path'),
      query: valuesOf('query'),
      headers: valuesOf('header'),
      authorization,
      body: bodyOf(operation, making),
    })
    .map(({ path, query, headers, authorization: given, body }) => ({
      method: operation.method.toUpperCase(),
      target: targetOf(operation.path, path, query),
      headers: {
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, encodeURIComponent(value)])),
        ...(given !== undefined && { authorization: given }),
        ...(body && { 'content-type': body.type, 'content-length': String(Buffer.byteLength(body.text)) }),
      },
      ...(body && { body: body.text }),
    }));
}

/**
 * The request that the examples of the document amount to, with what is secret in the place of what only looks like it.
 * @param authorization for an endpoint whose examples have no credentials in the form
 */
export function exampleOf(operation: DocumentedOperation, pools: Pools, authorization?: string): MadeRequest {
  const examples = (place: string) => {
    const given = (operation.parameters ?? []).filter((each) => each.in === place && each.example !== undefined);
    const values = Object.fromEntries(given.map(({ name, example }) => [name, String(example)] as const));
    return withSecrets(values, pools) as Readonly<Record<string, string>>;
  };
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const example = withSecrets(content?.example, pools);
  const body = type === undefined ? undefined : written(type, example);
  const hasCredentials = typeof example === 'object' && example !== null && 'client_secret' in example;
  return {
    method: operation.method.toUpperCase(),
    target: targetOf(operation.path, examples('path'), examples('query')),
    headers: {
      ...(authorization !== undefined && !hasCredentials && { authorization }),
      ...(type !== undefined && { 'content-type': type, 'content-length': String(Buffer.byteLength(body ?? '')) }),
    },
    ...(body !== undefined && { body }),
  };
}

/** Sends it as it is: nothing on the way makes a good path of it. */
export async function answerTo(base: string, { method, target, headers, body }: MadeRequest): Promise<GivenAnswer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const request = send({ hostname, port, method, path: target, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function namesOf({ parameters = [] }: DocumentedOperation): string[] {
  return parameters.filter((each) => each.in === 'path').map(({ name }) => name);
}

function valueOf({ name, in: place, schema, example }: DocumentedParameter, making: Making): fc.Arbitrary<string> {
  const pool = making.pools[name];
  const good = pool ? fc.constantFrom(...pool) : fitting(schema, making);
  const known = example === undefined ? good : fc.oneof(fc.constant(example), good);
  const odd = fc.string({ unit: 'grapheme', minLength: place === 'path' ? 1 : 0, maxLength: 40 });
  return fc.oneof({ weight: 4, arbitrary: known }, { weight: pool ? 0 : 1, arbitrary: odd }).map(String);
}

function bodyOf({ requestBody }: DocumentedOperation, making: Making) {
  const contents = Object.entries(requestBody?.content ?? {});
  if (contents.length === 0) return fc.constant(undefined);
  return fc.oneof(
    ...contents.map(([type, { schema }]) =>
      hostile(schema, making).map((value) => ({ type, text: written(type, value) })),
    ),
  );
}

/** What is in a pool is good as it is; anything else that there is a pool for becomes the first of it. */
function withSecrets(example: unknown, pools: Pools): unknown {
  if (typeof example !== 'object' || example === null) return example;
  return Object.fromEntries(
    Object.entries(example as Readonly<Record<string, unknown>>).map(([name, value]) => {
      const pool = pools[name] ?? [];
      return [name, pool.length > 0 && !pool.includes(String(value)) ? pool[0] : value];
    }),
  );
}

function written(type: string, value: unknown): string {
  if (type === 'application/json') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const form = Object.entries(value).map(([name, each]) => [name, String(each)] as const);
  return new URLSearchParams(Object.fromEntries(form)).toString();
}

function targetOf(
  path: string,
  parameters: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>>,
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''));
  const asked = new URLSearchParams(query).toString();
  return asked === '' ? filled : `${filled}?${asked}`;
}
