/** Makes the OpenAPI document of each listener from the descriptions beside the controllers. */
import { cachedDocument, type CachedDocument } from '../../shared/cached-document.js';
import { writeDocument, type DocumentHead, type ServedPart } from '../../shared/openapi/write-document.js';
import { version } from '../../shared/package-root.js';
import { access } from './access.js';
import type { DocumentedListener } from './document.openapi.js';
import { operationsOf } from './endpoints.js';

const description = `Whether a token is good, and what it says, for the tokens of many issuers.

- A token that is not good is an answer, \`200 {"active":false}\`. A wrong request is \`4xx\`. \`503\` means that nothing is known now: ask again, and deny meanwhile.
- Members may be added to answers; clients ignore what they do not know.
- HTTP/1.1 only. gRPC has a listener of its own, which \`proto/\` describes.`;

const head: DocumentHead = {
  info: { title: 'Assay', version, description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
  tags: [
    { name: 'Introspection', description: 'Callers ask about tokens, and end them.' },
    { name: 'Proxies', description: 'Proxies ask whether a request may pass.' },
    { name: 'Providers', description: 'Providers tell of sessions and subjects that have ended.' },
    { name: 'Metadata', description: 'For everybody.' },
    { name: 'Fleet', description: 'Operators see all replicas.' },
    { name: 'Issuers', description: 'Operators see keys, deny them, and revoke tokens.' },
    { name: 'Explain', description: 'Operators see why a token is good, or not.' },
    { name: 'Probes', description: 'Kubernetes and Prometheus.' },
  ],
  access,
};

/** Addresses differ with each installation: whoever makes a client puts its own in. */
const publicPart: ServedPart = {
  servers: [
    {
      url: '{public}',
      description: 'The public listener (`server.http`)',
      variables: {
        public: { default: 'http://127.0.0.1:8080', description: '`server.identifier`, where there is one' },
      },
    },
  ],
  operations: operationsOf.public,
};

const managementPart: ServedPart = {
  servers: [
    {
      url: '{management}',
      description: 'The management listener (`server.management`)',
      variables: { management: { default: 'http://127.0.0.1:8081', description: 'Seldom reachable from outside' } },
    },
  ],
  operations: operationsOf.management,
};

/** What the document of a listener describes: at the management listener both, and its own where both have a path. */
const parts: Readonly<Record<DocumentedListener, readonly ServedPart[]>> = {
  public: [publicPart],
  management: [managementPart, publicPart],
};

/** The document that a listener serves: the same for each process of one version. */
export function apiDocument(listener: DocumentedListener): object {
  return writeDocument(head, parts[listener]);
}

/** As it is sent. */
export function sentDocument(listener: DocumentedListener): CachedDocument {
  return cachedDocument(Buffer.from(JSON.stringify(apiDocument(listener))));
}
