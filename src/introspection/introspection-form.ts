import { credentialParameters, type CredentialForm } from '../callers/credentials/presented-credentials.js';
import { parseForm } from '../transport/http/form.js';
import type { FormCharset } from '../transport/http/form-type.js';

/** The body of an introspection request (RFC 7662 §2.1). The hint is not kept: it must not change the answer. */
export interface IntrospectionForm {
  /** The token under test, exactly as sent; absent when it was omitted or empty. */
  readonly token?: string;
  readonly credentials: CredentialForm;
}

const credentialEntries = Object.entries(credentialParameters) as readonly (readonly [keyof CredentialForm, string])[];

const known: ReadonlySet<string> = new Set(['token', 'token_type_hint', ...Object.values(credentialParameters)]);

/** @throws {OAuthError} `invalid_request` */
export function parseIntrospectionForm(body: Buffer, charset?: FormCharset): IntrospectionForm {
  const values = parseForm(body, known, charset);
  const credentials: { -readonly [Name in keyof CredentialForm]: string } = {};
  for (const [name, parameter] of credentialEntries) {
    const value = values.get(parameter);
    if (value !== undefined) credentials[name] = value;
  }
  const token = values.get('token');
  return token === undefined ? { credentials } : { token, credentials };
}
