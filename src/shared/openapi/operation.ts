/** What is described of one endpoint, in the words of OpenAPI. */
import type { Schema } from './schema.js';

/** Ways in which a request can say who sends it. The whole document says of each what it is. */
export type Access =
  | 'callerBasic'
  | 'callerForm'
  | 'callerBearer'
  | 'callerCertificate'
  | 'clientToken'
  | 'transmitterSecret'
  | 'adminToken';

/** What endpoints are about. */
export type Tag = 'Introspection' | 'Proxies' | 'Providers' | 'Metadata' | 'Fleet' | 'Issuers' | 'Explain' | 'Probes';

/** A parameter of the path, the query or the head. One of the path is always there, another one only where it says so. */
export interface Parameter {
  readonly description: string;
  readonly schema: Schema;
  readonly example?: unknown;
  readonly required?: true;
}

/** Content of one media type. */
export interface Content {
  readonly schema: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;
}

/** A header field of an answer. */
export interface Header {
  readonly description: string;
  readonly schema: Schema;
  /** It is there each time. */
  readonly required?: true;
}

/** What a request can be answered. */
export interface Answer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Header>>;
  /** By media type; absent: no body. */
  readonly content?: Readonly<Record<string, Content>>;
}

/** Answers by their HTTP status; `default` is what no other one says. */
export type Answers = Readonly<Record<string, Answer>>;

/** One endpoint, for whoever uses it. */
export interface Operation {
  /** Name of the function in a client that is made from the document. */
  readonly id: string;
  readonly tag: Tag;
  /** One line. */
  readonly summary: string;
  readonly description?: string;
  /** Any one of these; none: it is for everybody. */
  readonly access: readonly Access[];
  readonly path?: Readonly<Record<string, Parameter>>;
  readonly query?: Readonly<Record<string, Parameter>>;
  readonly headers?: Readonly<Record<string, Parameter>>;
  /** By media type; absent: it takes no body. */
  readonly body?: Readonly<Record<string, Content>>;
  readonly answers: Answers;
}

/** A method and the path of a route as it is declared, such as `GET /things/:id`. `ANY`: every method; clients are told of GET. */
export type Route = `${'ANY' | 'DELETE' | 'GET' | 'POST' | 'PUT' | 'PATCH'} /${string}`;

/** The endpoints of one feature, by their routes. */
export type Operations = Readonly<Record<Route, Operation>>;
