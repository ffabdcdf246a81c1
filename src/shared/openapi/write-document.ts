import { Components } from './component.js';
import type { Access, Operation, Operations, Parameter } from './operation.js';

/** What a document says beside its endpoints, as OpenAPI 3.1 writes it. */
export interface DocumentHead {
  readonly info: object;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** What each way of access is; `undefined` for one that OpenAPI has no word for, because the credentials are in the body. */
  readonly access: Readonly<Record<Access, object | undefined>>;
}

/** Endpoints that are served at one place. */
export interface ServedPart {
  readonly servers: readonly object[];
  readonly operations: Operations;
}

/** Writes an OpenAPI 3.1 document of `parts`; where two of them have an endpoint, the first one's counts. @throws {Error} where two parts of it have one name */
export function writeDocument({ info, tags, access }: DocumentHead, parts: readonly ServedPart[]): object {
  const components = new Components();
  const paths: Record<string, Record<string, unknown>> = {};
  const all = parts.flatMap(({ servers, operations }) => entriesOf(operations).map((each) => ({ servers, ...each })));
  for (const { servers, method, path, operation } of all) {
    // Each listener has its own address, and every path belongs to one.
    const item = (paths[path] ??= { servers });
    item[method] ??= components.refer(operationObject(operation, access));
  }
  const used = new Set(all.flatMap(({ operation }) => operation.access));
  const securitySchemes = Object.fromEntries(
    Object.entries(access).filter(([name, scheme]) => scheme !== undefined && used.has(name as Access)),
  );
  const topics = new Set(all.map(({ operation }) => operation.tag));
  return {
    openapi: '3.1.0',
    info,
    tags: tags.filter(({ name }) => (topics as ReadonlySet<string>).has(name)),
    paths,
    components: { securitySchemes, ...components.all },
  };
}

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

function entriesOf(operations: Operations): readonly Entry[] {
  return Object.entries(operations).map(([route, operation]) => {
    const [method = '', path = ''] = route.split(' ');
    return { method: method === 'ANY' ? 'get' : method.toLowerCase(), path: templateOf(path), operation };
  });
}

/** `/things/:id` as OpenAPI writes it. */
function templateOf(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

function operationObject(operation: Operation, schemes: DocumentHead['access']): object {
  const { id, tag, summary, description, access, body, answers, path, query, headers } = operation;
  const all = [...parametersOf('path', path), ...parametersOf('query', query), ...parametersOf('header', headers)];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: access.map((name) => (schemes[name] === undefined ? {} : { [name]: [] })),
    ...(all.length > 0 && { parameters: all }),
    ...(body && { requestBody: { required: true, content: body } }),
    responses: answers,
  };
}

function parametersOf(place: string, parameters: Readonly<Record<string, Parameter>> = {}): readonly object[] {
  return Object.entries(parameters).map(([name, parameter]) => ({
    name,
    in: place,
    ...(place === 'path' && { required: true }),
    ...parameter,
  }));
}
