import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { KnownKeys } from '../../../test/fakes/known-keys.js';
import { ClaimValidator } from '../../claims/claim-validator.js';
import { ConfiguredIssuers } from '../../issuers/configured-issuers.js';
import { OAuthError } from '../../transport/oauth-error.js';
import { TokenVerifier } from '../../verification/token-verifier.js';
import type { PresentedCredentials } from '../credentials/presented-credentials.js';
import { UnprovenSignatures } from '../limits/unproven-signatures.js';
import { composeWeakSecrets } from '../limits/weak-secrets.js';
import { MemoryAssertionReplay } from './assertion/assertion-replay.js';
import { AuthenticationMethods } from './authentication-methods.js';
import { eachMethod } from './caller-methods.js';

const clock = new FakeClock();
const issuers = new ConfiguredIssuers();
const verifier = new TokenVerifier(issuers, new KnownKeys(), new ClaimValidator(clock));
const methods = new AuthenticationMethods({
  clock,
  tokens: verifier,
  assertions: { issuers, verifier },
  weakSecrets: composeWeakSecrets('caller', clock),
  signatures: new UnprovenSignatures(),
  replay: new MemoryAssertionReplay(clock),
});

const certificate = Object.create(X509Certificate.prototype) as X509Certificate;
const basic = { authorization: [`Basic ${Buffer.from('basic:x').toString('base64')}`] };
const bearer = { authorization: ['Bearer x'] };
const unsupported = { authorization: ['Digest x'] };
const assertion = { form: { clientId: 'assertion', clientAssertion: 'x' } };
const secret = { form: { clientId: 'form', clientSecret: 'x' } };

function presentedBy(request: Partial<PresentedCredentials>) {
  return methods.presentedBy({ authorization: [], form: {}, source: '192.0.2.1', ...request });
}

function refusal(request: Partial<PresentedCredentials>): unknown {
  try {
    return presentedBy(request);
  } catch (error) {
    return error instanceof OAuthError ? [error.status, error.code, error.description] : error;
  }
}

const several = [400, 'invalid_request', 'more than one client authentication method'];
const besideAssertion = [400, 'invalid_client', 'client authentication failed'];

describe('AuthenticationMethods', () => {
  it('has an authenticator for each method', () => {
    expect(Object.keys(methods.byName)).toEqual(eachMethod.map(([name]) => name));
  });

  it('finds nothing in a request without credentials, whatever client_id it has', () => {
    expect(presentedBy({})).toBeUndefined();
    expect(presentedBy({ form: { clientId: 'orders' } })).toBeUndefined();
  });

  it.each([
    ['a Basic header', basic, ['basic']],
    ['a secret in the form', secret, ['form']],
    ['an assertion', assertion, ['assertion']],
    ['a bearer token with a client_id', { ...bearer, form: { clientId: 'token' } }, ['token']],
    ['a certificate with a client_id', { certificate, form: { clientId: 'mesh' } }, ['mesh']],
    ['a scheme of no method', unsupported, []],
    ['a certificate beside a header', { certificate, ...basic }, ['basic']],
    ['a certificate beside an assertion', { certificate, ...assertion }, ['assertion']],
    ['a certificate beside a scheme of no method', { certificate, ...unsupported }, []],
  ])('reads %s', (_what, request, claimedIds) => {
    expect(presentedBy(request)?.claimedIds).toEqual(claimedIds);
  });

  it.each([
    ['a Basic header and a secret', { ...basic, ...secret }, several],
    ['a bearer token and a secret', { ...bearer, ...secret }, several],
    ['a scheme of no method and a secret', { ...unsupported, ...secret }, several],
    ['a Basic header and an assertion', { ...basic, ...assertion }, besideAssertion],
    ['a scheme of no method and an assertion', { ...unsupported, ...assertion }, besideAssertion],
    ['a secret and an assertion', { form: { ...secret.form, ...assertion.form } }, besideAssertion],
    [
      'two headers',
      { authorization: ['Bearer x', 'Bearer x'] },
      [400, 'invalid_request', 'more than one Authorization header'],
    ],
    [
      'a Basic header and another client_id',
      { ...basic, form: { clientId: 'other' } },
      [400, 'invalid_request', 'client_id differs from the Authorization header'],
    ],
    ['the number of methods before a client_id that differs', { ...basic, ...secret }, several],
  ])('refuses %s', (_what, request, error) => {
    expect(refusal(request)).toEqual(error);
  });
});
