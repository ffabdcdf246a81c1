/** Describes what anybody may read: metadata and public keys. */
import { named } from '../shared/openapi/component.js';
import { etagHeader, ifNoneMatch } from '../shared/openapi/headers.js';
import type { Operations } from '../shared/openapi/operation.js';
import { list, object, openObject, text, type Schema } from '../shared/openapi/schema.js';
import { notFound, publicAnswers } from '../transport/http/oauth.openapi.js';

const url = (description: string): Schema => text(description, { format: 'uri' });
const words = (description: string): Schema => list({ type: 'string' }, description);

const metadata = named(
  'schemas',
  'ServerMetadata',
  object(
    {
      issuer: url('`server.identifier`.'),
      introspection_endpoint: url('Where `POST /introspect` is.'),
      introspection_endpoint_auth_methods_supported: words('How callers may authenticate.'),
      revocation_endpoint: url('Where `POST /revoke` is.'),
      revocation_endpoint_auth_methods_supported: words('How callers may authenticate.'),
      events_endpoint: url('Where `GET /events` is.'),
      response_types_supported: words('None.'),
      grant_types_supported: words('None: no token is issued here.'),
    },
    {
      introspection_endpoint_auth_signing_alg_values_supported: words('What assertions may be signed with.'),
      revocation_endpoint_auth_signing_alg_values_supported: words('What assertions may be signed with.'),
      introspection_signing_alg_values_supported: words('What answers can be signed with (RFC 9701 §7).'),
      jwks_uri: url('Where `GET /jwks` is.'),
    },
    'Authorization server metadata (RFC 8414).',
  ),
);

/** What is for everybody to read: where to ask, and with which keys answers are signed. */
export const metadataOperations: Operations = {
  'GET /.well-known/oauth-authorization-server': {
    id: 'readServerMetadata',
    tag: 'Metadata',
    summary: 'Where and how to ask',
    access: [],
    answers: {
      200: {
        description: 'The metadata (RFC 8414).',
        content: {
          'application/json': {
            schema: metadata,
            example: {
              issuer: 'https://assay.example.com',
              introspection_endpoint: 'https://assay.example.com/introspect',
              introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
              introspection_endpoint_auth_signing_alg_values_supported: ['ES256'],
              revocation_endpoint: 'https://assay.example.com/revoke',
              revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
              revocation_endpoint_auth_signing_alg_values_supported: ['ES256'],
              events_endpoint: 'https://assay.example.com/events',
              response_types_supported: [],
              grant_types_supported: [],
            },
          },
        },
      },
      ...publicAnswers,
      404: notFound('There is no `server.identifier`.', 'this service has no identifier'),
    },
  },
  'GET /jwks': {
    id: 'readKeys',
    tag: 'Metadata',
    summary: 'The keys that signed answers are checked with',
    access: [],
    headers: ifNoneMatch,
    answers: {
      200: {
        description: 'A JWK Set (RFC 7517).',
        headers: etagHeader,
        content: {
          'application/jwk-set+json': {
            schema: named(
              'schemas',
              'JwkSet',
              object({
                keys: list(
                  openObject(
                    { kty: text('Key type.') },
                    { kid: text('Id of the key.'), alg: text('Algorithm.'), use: text('`sig`') },
                  ),
                  'Public keys.',
                ),
              }),
            ),
            example: {
              keys: [
                {
                  kty: 'EC',
                  crv: 'P-256',
                  x: '8fj3L4Lh4oSYWJmcJQnDpAoFyHYdYBQ4dEPPfGzmLYg',
                  y: 'kLD8TOWk4dXrdn-aaR5N4ksVPZ2cZmxMWk1h9lSWTfA',
                  kid: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
                  alg: 'ES256',
                  use: 'sig',
                },
              ],
            },
          },
        },
      },
      304: { description: 'The copy that the client has is still good.' },
      ...publicAnswers,
      404: notFound(
        'Answers are not signed here: there is no `server.signing`.',
        'this service has no keys of its own',
      ),
    },
  },
};
