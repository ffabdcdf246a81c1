import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { credentialParameters, loneHeader, type PresentedCredentials } from './presented-credentials.js';

const header = 'Basic b3JkZXJzOm9yZGVycy1zZWNyZXQ=';
const request: PresentedCredentials = { authorization: [header], form: {}, source: '192.0.2.1' };

describe('loneHeader', () => {
  it('is the header of a request that has no other credentials', () => {
    expect(loneHeader(request)).toBe(header);
    const certificate = Object.create(X509Certificate.prototype) as X509Certificate;
    expect(loneHeader({ ...request, source: '198.51.100.7', tokenUnderTest: 'x', certificate })).toBe(header);
  });

  it('is none where there are two, or none', () => {
    expect(loneHeader({ ...request, authorization: [header, header] })).toBeUndefined();
    expect(loneHeader({ ...request, authorization: [] })).toBeUndefined();
  });

  it.each(Object.keys(credentialParameters))('is none with %s beside it', (name) => {
    expect(loneHeader({ ...request, form: { [name]: 'x' } })).toBeUndefined();
  });
});
