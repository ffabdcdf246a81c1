import { inspect } from 'node:util';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClock } from '../../../../test/fakes/fake-clock.js';
import type { Authorization } from '../../credentials/authorization-header.js';
import { loneHeader, type CredentialForm, type PresentedCredentials } from '../../credentials/presented-credentials.js';
import { composeWeakSecrets } from '../../limits/weak-secrets.js';
import { ClientSecret } from './client-secret.js';
import { SecretDigests, type RegisteredSecret } from './secret-digest.js';

const secret = 'Wq7Zt3Lm9XcVb5NhPf4Gs8Rd1JkQm6Bz';
const caller = { id: 'orders', issuers: 'any', audiences: 'any', claims: 'any' } as const;
const credentials = Buffer.from(`orders:${secret}`).toString('base64');
/** What of a request is this method's. */
interface Presented {
  readonly header: Authorization | undefined;
  readonly form: CredentialForm;
}

const basic: Presented = { header: { scheme: 'basic', credentials }, form: {} };

let clock: FakeClock;
let method: ClientSecret;

function register(...secrets: readonly RegisteredSecret[]): void {
  method.replace([{ caller, registered: new SecretDigests(secrets) }]);
}

function requestOf({ header, form }: Presented): PresentedCredentials {
  return { authorization: header ? [`Basic ${header.credentials}`] : [], form, source: '192.0.2.1' };
}

function find(presented: Presented) {
  return method.find(presented.header, requestOf(presented));
}

/** Whether a request that presents this proves the caller, and how many digests of secrets that took. */
function attempt(presented: Presented): { readonly isProven: boolean; readonly digests: number } {
  const matches = vi.spyOn(SecretDigests.prototype, 'match');
  const lone = loneHeader(requestOf(presented));
  const recalled = lone === undefined ? undefined : method.recall(lone);
  const isProven = (recalled ?? find(presented)[0]?.read())?.prove() === caller;
  const digests = matches.mock.calls.length;
  matches.mockRestore();
  return { isProven, digests };
}

describe('ClientSecret', () => {
  beforeEach(() => {
    clock = new FakeClock();
    method = new ClientSecret(clock, composeWeakSecrets('caller', clock));
    register({ value: secret });
  });

  it('finds its credentials in a Basic header and in a form, and nowhere else', () => {
    const carriers = (request: Presented) => find(request).map(({ carriedBy }) => carriedBy);
    expect(carriers(basic)).toEqual(['header']);
    expect(carriers({ header: undefined, form: { clientSecret: secret } })).toEqual(['form']);
    expect(carriers({ ...basic, form: { clientSecret: secret } })).toEqual(['header', 'form']);
    const others = { clientId: 'orders', clientAssertion: 'x', clientAssertionType: 'x' };
    expect(carriers({ header: { scheme: 'bearer', credentials: 'x' }, form: others })).toEqual([]);
  });

  it('claims each id that the header can be read to name, the decoded one first', () => {
    const encoded = Buffer.from('a%2Bb:c').toString('base64');
    const [found] = find({ header: { scheme: 'basic', credentials: encoded }, form: {} });
    expect(found?.read().claimedIds).toEqual(['a+b', 'a%2Bb']);
  });

  it('digests no secret for a header that has proven its caller', () => {
    expect(attempt(basic)).toEqual({ isProven: true, digests: 1 });
    expect(attempt(basic)).toEqual({ isProven: true, digests: 0 });
  });

  it('digests the secret again where a client_id is beside the header', () => {
    const named = { ...basic, form: { clientId: 'orders' } };
    for (const request of [named, basic, named]) expect(attempt(request)).toEqual({ isProven: true, digests: 1 });
  });

  it('digests the secret again after the callers were replaced, even by the same ones', () => {
    attempt(basic);
    register({ value: secret });
    expect(attempt(basic)).toEqual({ isProven: true, digests: 1 });
    method.replace([]);
    expect(attempt(basic)).toEqual({ isProven: false, digests: 1 });
  });

  it('I-08 digests the secret again from the moment on at which any secret of its caller expires', async () => {
    const nowMs = clock.wallMs();
    register({ value: 'Zk2Mv8Qp4Xt6Lr9Cw3Nb7Hs5', expires: nowMs + 60_000 }, { value: secret, expires: nowMs + 1_000 });
    attempt(basic);
    await clock.advance(999);
    expect(attempt(basic)).toEqual({ isProven: true, digests: 0 });
    await clock.advance(1);
    expect(attempt(basic)).toEqual({ isProven: false, digests: 1 });
  });

  it('I-10 holds neither a header nor a secret', () => {
    attempt(basic);
    const held = inspect(method, { depth: null, showHidden: true });
    expect(held).not.toContain(credentials);
    expect(held).not.toContain(secret);
  });
});
