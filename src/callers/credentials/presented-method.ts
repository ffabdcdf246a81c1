import type { X509Certificate } from 'node:crypto';
import { readAuthorization, type Authorization } from './authorization-header.js';
import { isPrintable, readBasicCredentials, type ClientCredentials } from './basic-credentials.js';
import { invalidRequest } from './challenges.js';
import { OAuthError } from '../../transport/oauth-error.js';
import type { CredentialForm, PresentedCredentials } from './presented-credentials.js';

/** The one method by which a request says who is asking. */
export type PresentedMethod =
  | {
      readonly kind: 'secret';
      readonly transport: 'basic' | 'post';
      /** Every way to read what was presented; none when it is malformed. */
      readonly readings: readonly ClientCredentials[];
    }
  | { readonly kind: 'assertion'; readonly assertion?: string; readonly type?: string; readonly clientId?: string }
  | { readonly kind: 'bearer'; readonly token: string; readonly clientId?: string }
  | { readonly kind: 'certificate'; readonly certificate: X509Certificate; readonly clientId?: string }
  | { readonly kind: 'unsupported' };

/**
 * Finds the one method of a request. A certificate counts only when nothing else was presented: inside a mesh every
 * connection has one, whoever is asking. A `client_id` is not a method, it only has to agree with the one there is.
 * @returns undefined when nothing was presented
 * @throws {OAuthError} 400 when there are two methods (RFC 6749 §2.3; RFC 7521 §4.2.1 where one is an assertion)
 */
export function presentedMethod({
  authorization,
  form,
  certificate,
}: PresentedCredentials): PresentedMethod | undefined {
  const header = readAuthorization(authorization);
  const hasAssertion = form.clientAssertion !== undefined || form.clientAssertionType !== undefined;
  refuseSeveral(header !== undefined, form.clientSecret !== undefined, hasAssertion);
  if (header) return fromHeader(header, form.clientId);
  if (hasAssertion) return fromAssertion(form);
  if (form.clientSecret !== undefined) return fromForm(form.clientId, form.clientSecret);
  if (certificate) return { kind: 'certificate', certificate, ...named(form.clientId) };
  return undefined;
}

/** Which client id a method claims, for the failure throttle only: nobody has verified it. */
export function claimedClientId(method: PresentedMethod): string | undefined {
  if (method.kind === 'unsupported') return undefined;
  return method.kind === 'secret' ? method.readings[0]?.clientId : method.clientId;
}

function refuseSeveral(hasHeader: boolean, hasSecret: boolean, hasAssertion: boolean): void {
  if (Number(hasHeader) + Number(hasSecret) + Number(hasAssertion) < 2) return;
  if (!hasAssertion) throw invalidRequest('more than one client authentication method');
  throw new OAuthError('invalid_client', 'client authentication failed', {
    status: 400,
    detail: 'an assertion together with another method',
  });
}

function fromHeader(header: Authorization, clientId: string | undefined): PresentedMethod {
  switch (header.scheme) {
    case 'basic':
      return { kind: 'secret', transport: 'basic', readings: readingsFor(header.credentials, clientId) };
    case 'bearer':
      return { kind: 'bearer', token: header.token, ...named(clientId) };
    case 'unsupported':
      return { kind: 'unsupported' };
  }
}

/** R6749-01: a `client_id` beside a Basic header must be the one in the header. */
function readingsFor(credentials: string, clientId: string | undefined): readonly ClientCredentials[] {
  const readings = readBasicCredentials(credentials);
  if (clientId === undefined || readings.length === 0) return readings;
  const agreeing = readings.filter((reading) => reading.clientId === clientId);
  if (agreeing.length === 0) throw invalidRequest('client_id differs from the Authorization header');
  return agreeing;
}

function fromAssertion({ clientAssertion, clientAssertionType, clientId }: CredentialForm): PresentedMethod {
  return {
    kind: 'assertion',
    ...(clientAssertion === undefined ? {} : { assertion: clientAssertion }),
    ...(clientAssertionType === undefined ? {} : { type: clientAssertionType }),
    ...named(clientId),
  };
}

function fromForm(clientId: string | undefined, secret: string): PresentedMethod {
  const readings = clientId === undefined ? [] : [{ clientId, secret }].filter(isPrintable);
  return { kind: 'secret', transport: 'post', readings };
}

function named(clientId: string | undefined): { readonly clientId?: string } {
  return clientId === undefined ? {} : { clientId };
}
