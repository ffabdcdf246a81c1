import { describe, expect, it } from 'vitest';
import { headerValues } from '../transport/http/peer-of-request.js';
import { readCheckRequest, type CheckedRequest, type CheckRequest } from './check-request.js';

type Http = NonNullable<NonNullable<NonNullable<CheckRequest['attributes']>['request']>['http']>;

const asked = (http: Http, contextExtensions?: Record<string, string>) =>
  readCheckRequest({ attributes: { request: { http }, ...(contextExtensions && { contextExtensions }) } });

const credentials = (checked?: CheckedRequest) => headerValues(checked?.request.headers ?? [], 'authorization');

const listed = (key: string, value: string, rawValue = '') => ({
  key,
  value,
  rawValue: Buffer.from(rawValue, 'latin1'),
});

describe('readCheckRequest', () => {
  it.each<[string, CheckRequest]>([
    ['nothing', {}],
    ['no attributes', { attributes: null }],
    ['no request', { attributes: { request: null } }],
    ['no HTTP', { attributes: { request: { http: null } } }],
    ['no path', { attributes: { request: { http: { headers: { authorization: 'Bearer a' } } } } }],
    ['an empty path', { attributes: { request: { http: { path: '', headers: {} } } } }],
  ])('R-ENV-04 is undefined for %s: nobody can say what would pass', (_case, request) => {
    expect(readCheckRequest(request)).toBeUndefined();
  });

  it('reads the credentials from either list of headers', () => {
    expect(credentials(asked({ path: '/', headers: { authorization: 'Bearer a' } }))).toEqual(['Bearer a']);
    const headerMap = { headers: [listed('authorization', 'Bearer b')] };
    expect(credentials(asked({ path: '/', headerMap }))).toEqual(['Bearer b']);
  });

  it('prefers the octets of a header to its text', () => {
    const headerMap = { headers: [listed('authorization', 'Bearer text', 'Bearer \xff')] };
    expect(credentials(asked({ path: '/', headerMap }))).toEqual(['Bearer \xff']);
  });

  it('reads every one of them, however it is spelt: two are not one', () => {
    const headerMap = { headers: [listed('Authorization', 'Bearer b'), listed('AUTHORIZATION', 'Bearer c')] };
    expect(credentials(asked({ path: '/', headers: { authorization: 'Bearer a' }, headerMap }))).toEqual([
      'Bearer a',
      'Bearer b',
      'Bearer c',
    ]);
  });

  it('reads no other header as credentials', () => {
    const headers = { 'proxy-authorization': 'Bearer a', 'x-authorization': 'Bearer a', cookie: 'authorization=a' };
    expect(credentials(asked({ path: '/', headers, headerMap: null }))).toEqual([]);
  });

  it('reads what the configuration of Envoy says', () => {
    expect(asked({ path: '/' }, { caller: 'edge' })?.extensions).toEqual([['caller', 'edge']]);
    expect(asked({ path: '/' })?.extensions).toEqual([]);
  });
});
