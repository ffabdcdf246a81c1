/** Finds the one method by which a request says who is asking, and lets it decide. */
import { OAuthError } from '../../transport/oauth-error.js';
import { AuthenticationFailure, invalidClient, invalidRequest } from '../credentials/authentication-failure.js';
import { readAuthorization } from '../credentials/authorization-header.js';
import { loneHeader, type PresentedCredentials } from '../credentials/presented-credentials.js';
import {
  type MethodAuthenticator,
  type MethodTools,
  type FoundCredentials,
  type PresentedMethod,
} from './caller-method.js';
import {
  eachMethod,
  forEachMethod,
  registrationsOf,
  type MethodAuthenticators,
  type RegisteredCaller,
} from './caller-methods.js';

/** An `Authorization` header whose scheme belongs to no method. */
const unsupportedScheme: FoundCredentials = {
  carriedBy: 'header',
  conflict: 'invalid_request',
  read: () => ({
    claimedIds: [],
    isGuess: false,
    prove: () => new AuthenticationFailure('the authorization scheme is not supported'),
    refusal: invalidClient,
  }),
};

/** The methods of one process: finds the one by which a request says who is asking. */
export class AuthenticationMethods {
  /** Each by its name. */
  readonly byName: MethodAuthenticators;
  private readonly all: readonly MethodAuthenticator<unknown>[];

  constructor(tools: MethodTools) {
    const byName = forEachMethod((method) => method.authenticator(tools));
    this.byName = byName as MethodAuthenticators;
    this.all = Object.values(byName);
  }

  /** From the next request on, `callers` are the only ones. */
  replace(callers: readonly RegisteredCaller[]): void {
    for (const [name] of eachMethod) {
      const method: MethodAuthenticator<unknown> = this.byName[name];
      method.replace(registrationsOf(name, callers));
    }
  }

  /**
   * Finds the one method of a request.
   * @returns undefined when nothing was presented
   * @throws {OAuthError} 400 when there are two methods (RFC 6749 §2.3; RFC 7521 §4.2.1 where one is an assertion), or one
   *   that cannot be read in one way only
   */
  presentedBy(request: PresentedCredentials): PresentedMethod | undefined {
    return this.recalled(request) ?? this.read(request);
  }

  private recalled(request: PresentedCredentials): PresentedMethod | undefined {
    const header = loneHeader(request);
    if (header === undefined) return undefined;
    for (const method of this.all) {
      const recalled = method.recall?.(header);
      if (recalled) return recalled;
    }
    return undefined;
  }

  /**
   * A certificate counts only when nothing else was presented: inside a mesh every connection has one, whichever caller is asking. A
   * `client_id` is not a method, it only has to agree with the one there is.
   */
  private read(request: PresentedCredentials): PresentedMethod | undefined {
    const header = readAuthorization(request.authorization);
    const found = this.all.flatMap((method) => method.find(header, request));
    const sent = found.filter(({ carriedBy }) => carriedBy !== 'connection');
    if (header && !sent.some(({ carriedBy }) => carriedBy === 'header')) sent.push(unsupportedScheme);
    refuseSeveral(sent);
    return (sent[0] ?? found[0])?.read();
  }
}

function refuseSeveral(sent: readonly FoundCredentials[]): void {
  if (sent.length < 2) return;
  if (sent.every(({ conflict }) => conflict === 'invalid_request')) {
    throw invalidRequest('more than one client authentication method');
  }
  const detail = 'an assertion together with another method';
  throw new OAuthError('invalid_client', 'client authentication failed', { status: 400, detail });
}
