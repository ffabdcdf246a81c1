import type { DocumentHead } from '../../shared/openapi/write-document.js';

/** What each way of access is. Total: a new one has to be explained. */
export const access: DocumentHead['access'] = {
  callerBasic: {
    type: 'http',
    scheme: 'basic',
    description: '`client_secret_basic`: id and secret of a caller, form-encoded first (RFC 6749 §2.3.1).',
  },
  // `client_secret_post` and `private_key_jwt`: OpenAPI knows no credentials in a body, so the forms have them as members.
  callerForm: undefined,
  callerBearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'A token of a registered issuer, for callers with `token`.',
  },
  callerCertificate: {
    type: 'mutualTLS',
    description: '`tls_client_auth` (RFC 8705): a client certificate, for callers with `certificate`.',
  },
  clientToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The token of the client of the proxy; with DPoP (RFC 9449) under that scheme.',
  },
  transmitterSecret: {
    type: 'http',
    scheme: 'bearer',
    description: 'The secret of the stream (`signals[].push.secret`).',
  },
  adminToken: {
    type: 'http',
    scheme: 'bearer',
    description:
      'One of `admin.tokens`, of a `viewer` or an `operator`: a secret, or a token of an issuer that they name. Without an `admin` section this machine alone is answered, without a token, and only to read.',
  },
};
