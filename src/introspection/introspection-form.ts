import type { CredentialForm } from '../callers/credentials/presented-credentials.js';
import { parseForm } from '../transport/http/form.js';

/** The body of an introspection request (RFC 7662 §2.1). The hint is not kept: it must not change the answer. */
export interface IntrospectionForm {
  /** The token under test, exactly as sent; absent when it was omitted or empty. */
  readonly token?: string;
  readonly credentials: CredentialForm;
}

const credentialNames: ReadonlyMap<string, keyof CredentialForm> = new Map([
  ['client_id', 'clientId'],
  ['client_secret', 'clientSecret'],
  ['client_assertion', 'clientAssertion'],
  ['client_assertion_type', 'clientAssertionType'],
] as const);

const known: ReadonlySet<string> = new Set(['token', 'token_type_hint', ...credentialNames.keys()]);

/** @throws {OAuthError} `invalid_request` */
export function parseIntrospectionForm(body: Buffer): IntrospectionForm {
  const values = parseForm(body, known);
  const credentials: { -readonly [Name in keyof CredentialForm]: string } = {};
  for (const [parameter, name] of credentialNames) {
    const value = values.get(parameter);
    if (value !== undefined) credentials[name] = value;
  }
  const token = values.get('token');
  return token === undefined ? { credentials } : { token, credentials };
}
