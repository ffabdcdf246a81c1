import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CallerSection } from '../../src/callers/registration/callers.config.js';
import { KeysUnavailable } from '../../src/keys/key-resolver.js';
import { aCertificate } from '../builders/a-certificate.js';
import { aKey } from '../builders/a-key.js';
import { aToken, type Members, type TokenBuilder } from '../builders/a-token.js';
import { anIssuer } from '../builders/an-issuer.js';
import { aCaller, basic, bearer, identifier, Reception } from './reception.js';

const subject = 'system:serviceaccount:shop:orders';
const cluster = anIssuer(
  { id: 'k8s', issuer: 'https://kubernetes.default.svc' },
  { rules: [{ claim: 'tenant', equals: 'acme' }] },
);
const corp = anIssuer({ id: 'corp' });
const clusterKey = aKey();
const corpKey = aKey();
const registration = { issuer: 'k8s', subject, audience: identifier };
const secret = 'Wq7Zt3Lm9XcVb5NhPf4Gs8Rd1JkQm6Bz';
const invalidToken = {
  status: 401,
  code: 'invalid_token',
  challenges: ['Bearer realm="assay", error="invalid_token"'],
};

let reception: Reception;

beforeEach(async () => {
  reception = await receptionOf([
    aCaller({ token: registration }),
    aCaller({ id: 'billing', token: { ...registration, subject: 'billing', audience: 'https://billing.example' } }),
    aCaller({ id: 'legacy', secrets: [secret] }),
  ]);
});

async function receptionOf(callers: readonly CallerSection[], burst = 1e6): Promise<Reception> {
  const made = new Reception(callers, [cluster, corp], { burst });
  await made.keys.add('k8s', clusterKey, cluster);
  await made.keys.add('corp', corpKey, corp);
  return made;
}

function aServiceAccountToken(claims: Members = {}): TokenBuilder {
  return aToken()
    .header({ typ: undefined })
    .from(cluster)
    .for([identifier])
    .at(reception.nowSeconds())
    .with({ sub: subject, client_id: undefined, ...claims })
    .signedBy(clusterKey);
}

describe('a bearer token of a registered issuer', () => {
  it('R7662-17 authenticates the caller whose subject it is, whatever the rules for the tokens under test', async () => {
    expect((await reception.authenticate(bearer(aServiceAccountToken().build()))).id).toBe('orders-api');
  });

  it('I-02 vouches for its subject only: a client_id beside it names nobody else', async () => {
    const beside = { ...bearer(aServiceAccountToken().build()), form: { clientId: 'legacy' } };
    expect(await reception.refusal(beside)).toMatchObject({ status: 400 });
  });

  it('is 401 and never 429 where it is wrong, and good beside any number of wrong ones', async () => {
    const forged = () =>
      aServiceAccountToken()
        .signedBy(aKey('ES256', { kid: clusterKey.kid }))
        .build();
    reception = await receptionOf([aCaller({ token: registration })], 3);
    for (let i = 0; i < 20; i++) expect(await reception.refusal(bearer(forged()))).toMatchObject(invalidToken);
    expect((await reception.authenticate(bearer(aServiceAccountToken().build()))).id).toBe('orders-api');
  });

  it('is judged by the audience of its own registration', async () => {
    const aud = ['https://billing.example'];
    const token = aServiceAccountToken({ sub: 'billing', aud }).build();
    expect((await reception.authenticate(bearer(token))).id).toBe('billing');
    expect(await reception.refusal(bearer(aServiceAccountToken({ aud }).build()))).toMatchObject(invalidToken);
  });

  it('is judged again when callers are registered anew meanwhile: what was a right is none now', async () => {
    const answer = reception.refusal(bearer(aServiceAccountToken().build()));
    reception.register([
      aCaller({ id: 'successor', token: { ...registration, audience: 'https://successor.example' } }),
    ]);
    expect(await answer).toMatchObject(invalidToken);

    const token = aServiceAccountToken({ aud: ['https://successor.example'] }).build();
    const another = reception.authenticate(bearer(token));
    reception.register([aCaller({ id: 'heir', token: { ...registration, audience: 'https://successor.example' } })]);
    expect((await another).id).toBe('heir');
  });

  it.each<[string, Members]>([
    ['another subject', { sub: 'system:serviceaccount:shop:other' }],
    ['no subject', { sub: undefined }],
    ['another audience', { aud: ['https://api.corp.example'] }],
    ['no audience', { aud: undefined }],
    ['an unknown issuer', { iss: 'https://evil.example' }],
    ['an issuer that no caller uses', { iss: 'https://login.corp.example' }],
    ['no expiry', { exp: undefined }],
  ])('X07 R7662-17 with %s is refused with 401 invalid_token', async (_what, claims) => {
    expect(await reception.refusal(bearer(aServiceAccountToken(claims).build()))).toMatchObject(invalidToken);
  });

  it('X07 is refused when it has expired, is no JWT, or is signed with the key of another issuer', async () => {
    for (const token of [
      aServiceAccountToken().expiredAt(reception.nowSeconds()).build(),
      'abc',
      aServiceAccountToken().signedBy(corpKey).build(),
      aServiceAccountToken().signedBy(corpKey).header({ kid: clusterKey.kid }).build(),
    ]) {
      expect(await reception.refusal(bearer(token))).toMatchObject(invalidToken);
    }
  });

  it('R7662-20 that no caller could use costs no fetch of keys', async () => {
    const hopeless = aServiceAccountToken({ iss: 'https://login.corp.example' }).signedBy(corpKey).build();
    await reception.refusal(bearer(hopeless));
    expect(reception.keys.questions).toBe(0);
  });

  it('answers 503, not 401, when the keys of its issuer cannot be known', async () => {
    reception.keys.lose('k8s');
    await expect(reception.authenticate(bearer(aServiceAccountToken().build()))).rejects.toBeInstanceOf(
      KeysUnavailable,
    );
  });

  it('X08 of a caller without any right is refused as under-privileged: 401, not 403', async () => {
    reception = await receptionOf([aCaller({ token: registration, issuers: [] })]);
    expect(await reception.refusal(bearer(aServiceAccountToken().build()))).toMatchObject(invalidToken);
  });

  describe('that is bound to a key (RFC 7800)', () => {
    const jkt = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';

    it.each<[string, Members]>([
      ['a key of DPoP', { jkt }],
      ['a key of DPoP as Keycloak says it', { jkt, 'kc-jkt-type': 'DPoP' }],
      ['a certificate', { 'x5t#S256': jkt }],
      ['what nobody knows', { xyz: 'abc' }],
      ['nothing', {}],
    ])('is no bearer token: %s', async (_what, cnf) => {
      const refusal = await reception.refusal(bearer(aServiceAccountToken({ cnf }).build()));
      expect(refusal).toMatchObject({ ...invalidToken, status: 401 });
    });

    it('R8705-09 authenticates where the connection has the very certificate, and nothing else is asked for', async () => {
      const { certificate } = await aCertificate();
      const { certificate: another } = await aCertificate();
      const thumbprint = createHash('sha256').update(certificate.raw).digest('base64url');
      const token = (cnf: Members) => bearer(aServiceAccountToken({ cnf }).build());
      const bound = token({ 'x5t#S256': thumbprint });
      expect((await reception.authenticate({ ...bound, certificate })).id).toBe('orders-api');
      expect(await reception.refusal({ ...bound, certificate: another })).toMatchObject(invalidToken);
      expect(await reception.refusal(bound)).toMatchObject(invalidToken);
      const twofold = token({ 'x5t#S256': thumbprint, jkt });
      expect(await reception.refusal({ ...twofold, certificate })).toMatchObject(invalidToken);
    });
  });

  it('X04 is offered in the challenges, beside Basic', async () => {
    const challenges = ['Basic realm="assay", charset="UTF-8"', 'Bearer realm="assay"'];
    expect(await reception.refusal({})).toMatchObject({ status: 401, code: 'invalid_client', challenges });
    reception = await receptionOf([aCaller({ token: registration })]);
    expect((await reception.refusal({})).challenges).toEqual(['Bearer realm="assay"']);
  });

  it('must agree with a client_id beside it', async () => {
    const token = aServiceAccountToken().build();
    expect((await reception.authenticate({ ...bearer(token), form: { clientId: 'orders-api' } })).id).toBe(
      'orders-api',
    );
    const refusal = await reception.refusal({ ...bearer(token), form: { clientId: 'billing' } });
    expect(refusal).toMatchObject({ status: 400, code: 'invalid_request' });
  });
});

describe('self-introspection', () => {
  it('I-11 R7662-19 a good caller token that is also the token under test is refused', async () => {
    const token = aServiceAccountToken().build();
    expect(await reception.refusal({ ...bearer(token), tokenUnderTest: token })).toMatchObject(invalidToken);
    expect((await reception.authenticate({ ...bearer(token), tokenUnderTest: `${token}x.y.z` })).id).toBe('orders-api');
  });

  it('I-11 another signature over the same content is the same token', async () => {
    const one = aServiceAccountToken().build();
    const other = aServiceAccountToken().build();
    expect(other).not.toBe(one);
    expect(await reception.refusal({ ...bearer(one), tokenUnderTest: other })).toMatchObject(invalidToken);
  });

  it('I-11 another token of the same subject may be asked about', async () => {
    const underTest = aServiceAccountToken({ jti: 'another' }).build();
    const caller = await reception.authenticate({
      ...bearer(aServiceAccountToken().build()),
      tokenUnderTest: underTest,
    });
    expect(caller.id).toBe('orders-api');
  });
});

describe("a caller's rights", () => {
  it('I-09 X03 do not reach the tokens of an issuer or an audience that it was not granted', async () => {
    reception = await receptionOf([
      aCaller({ id: 'mine', secrets: [secret], issuers: ['k8s'], audiences: 'any' }),
      aCaller({ id: 'theirs', secrets: [secret], issuers: 'any', audiences: ['https://billing.example'] }),
      aCaller({ id: 'both', secrets: [secret], issuers: ['corp'], audiences: ['https://api.corp.example'] }),
    ]);
    const token = aToken()
      .from(corp)
      .for('https://api.corp.example')
      .at(reception.nowSeconds())
      .signedBy(corpKey)
      .build();
    const asked = async (id: string) =>
      reception.introspector.introspect(token, await reception.authenticate(basic(id, secret)));
    expect(await asked('mine')).toMatchObject({ active: false, rejection: { code: 'caller_issuer_not_granted' } });
    expect(await asked('theirs')).toMatchObject({ active: false, rejection: { code: 'caller_audience_not_granted' } });
    expect(await asked('both')).toMatchObject({ active: true });
  });
});
