import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuardedHttp } from '../../src/keys/source/guarded-http.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';

describe('requests to key sources', () => {
  let issuer: FakeIssuer;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
  });

  afterEach(async () => {
    await issuer.stop();
  });

  it.each([
    [true, 'Bearer service-account-token'],
    [false, undefined],
  ])('RK8S-01 carry the bearer token only to hosts that may see it (%s)', async (mayAuthorize, authorization) => {
    const network = { allowPrivate: true, bearerToken: 'service-account-token' };
    await new GuardedHttp().get({ url: issuer.jwksUri, network, mayAuthorize }, AbortSignal.timeout(5_000));

    expect(issuer.requests).toHaveLength(1);
    expect(issuer.lastHeaders.authorization).toBe(authorization);
  });
});
