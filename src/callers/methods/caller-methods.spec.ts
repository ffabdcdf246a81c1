import { describe, expect, it } from 'vitest';
import { aJwks, aKey } from '../../../test/builders/a-key.js';
import { aCaller, prepared } from '../../../test/callers/reception.js';
import { advertisedMethods } from './caller-methods.js';

const secrets = ['correct-horse-battery-staple'];
const token = { issuer: 'k8s', subject: 'orders', audience: 'https://assay.example.com' };
const server = { hasClientAuthorities: true };

describe('advertisedMethods', () => {
  it('are none without callers', () => {
    expect(advertisedMethods([], server)).toEqual({ methods: [], assertionAlgorithms: [] });
  });

  it('are what some caller can use, each once', () => {
    const callers = [aCaller({ secrets }), aCaller({ id: 'b', secrets }), aCaller({ id: 'c', token })];
    expect(advertisedMethods(prepared(callers), server)).toEqual({
      methods: ['client_secret_basic', 'client_secret_post', 'Bearer'],
      assertionAlgorithms: [],
    });
  });

  it('come with the algorithms of all assertions', () => {
    const assertion = (algorithm: 'ES256' | 'PS256') => ({ jwks: aJwks(aKey(algorithm)), algorithms: [algorithm] });
    const callers = [
      aCaller({ assertion: assertion('ES256') }),
      aCaller({ id: 'b', assertion: assertion('PS256') }),
      aCaller({ id: 'c', assertion: assertion('ES256') }),
    ];
    expect(advertisedMethods(prepared(callers), server)).toEqual({
      methods: ['private_key_jwt'],
      assertionAlgorithms: ['ES256', 'PS256'],
    });
  });

  it('have no certificates where no connection is asked for one', () => {
    const callers = prepared([aCaller({ certificate: { sanDns: 'orders.example' } })]);
    expect(advertisedMethods(callers, server).methods).toEqual(['tls_client_auth']);
    expect(advertisedMethods(callers, { hasClientAuthorities: false }).methods).toEqual([]);
  });
});
