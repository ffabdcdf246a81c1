import { credentialParameters, type CredentialForm } from '../callers/credentials/presented-credentials.js';
import { targetOf, type ProofTarget } from '../proofs/proof-target.js';
import { parseForm } from '../transport/http/form.js';
import type { FormCharset } from '../transport/http/form-type.js';
import { OAuthError } from '../transport/oauth-error.js';

/** The body of an introspection request (RFC 7662 §2.1). The hint of the type is not kept: it must not change the answer. */
export interface IntrospectionForm {
  /** The token under test, exactly as sent; absent when it was omitted or empty. */
  readonly token?: string;
  /** Registered id of the issuer that an opaque token is of; it chooses among those that the caller may see, and nothing else. */
  readonly issuerHint?: string;
  readonly credentials: CredentialForm;
  /** What came with the token, where the caller wants that to be judged, too. */
  readonly handedOn?: HandedOnProof;
}

/** A request with a token, as the service that received it hands it on. */
export interface HandedOnProof {
  /** The value of its `DPoP` header; absent where it had none. */
  readonly proof?: string;
  readonly target: ProofTarget;
}

const credentialEntries = Object.entries(credentialParameters) as readonly (readonly [keyof CredentialForm, string])[];

const proofParameters = ['dpop_proof', 'http_method', 'http_uri'] as const;

const known: ReadonlySet<string> = new Set([
  'token',
  'token_type_hint',
  'issuer_hint',
  ...proofParameters,
  ...Object.values(credentialParameters),
]);

/** @throws {OAuthError} `invalid_request` */
export function parseIntrospectionForm(body: Buffer, charset?: FormCharset): IntrospectionForm {
  const values = parseForm(body, known, charset);
  const credentials: { -readonly [Name in keyof CredentialForm]: string } = {};
  for (const [name, parameter] of credentialEntries) {
    const value = values.get(parameter);
    if (value !== undefined) credentials[name] = value;
  }
  const token = values.get('token');
  const handedOn = handedOnIn(values);
  const issuerHint = values.get('issuer_hint');
  return {
    credentials,
    ...(token !== undefined && { token }),
    ...(issuerHint !== undefined && { issuerHint }),
    ...(handedOn && { handedOn }),
  };
}

/** A request without a proof is handed on with an empty one, or none: a token that needs one is inactive then. */
function handedOnIn(values: ReadonlyMap<string, string>): HandedOnProof | undefined {
  const [proof, method, uri] = proofParameters.map((name) => values.get(name));
  if (proof === undefined && method === undefined && uri === undefined) return undefined;
  if (method === undefined || uri === undefined) {
    throw new OAuthError('invalid_request', 'http_method and http_uri come together, and dpop_proof with both');
  }
  const target = targetOf(method, uri);
  if (!target) throw new OAuthError('invalid_request', 'http_uri is no http or https URI');
  return { target, ...(proof !== undefined && { proof }) };
}
