import { describe, expect, it } from 'vitest';
import { readAuthorization } from './authorization-header.js';
import { OAuthError } from '../../transport/oauth-error.js';

function refusalOf(...headers: readonly string[]): OAuthError {
  try {
    readAuthorization(headers);
  } catch (error) {
    if (error instanceof OAuthError) return error;
  }
  throw new Error('was accepted');
}

describe('readAuthorization', () => {
  it('finds nothing where there is no header', () => {
    expect(readAuthorization([])).toBeUndefined();
  });

  it('R6749-05 knows the Basic scheme in any case', () => {
    expect(readAuthorization(['Basic YTpi'])).toEqual({ scheme: 'basic', credentials: 'YTpi' });
    expect(readAuthorization(['bAsIc YTpi'])).toEqual({ scheme: 'basic', credentials: 'YTpi' });
  });

  it('R6750-02 knows the Bearer scheme in any case, after at least one space', () => {
    expect(readAuthorization(['Bearer a.b-c_d~e+/=='])).toEqual({ scheme: 'bearer', credentials: 'a.b-c_d~e+/==' });
    expect(readAuthorization(['BEARER   abc'])).toEqual({ scheme: 'bearer', credentials: 'abc' });
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer "abc"',
    'Bearer a\tb',
    'Bearer \tabc',
    'Bearer =',
    'Bearer é',
    'Bearer abc ',
  ])('R6750-02 R6750-03 answers 400 with a Bearer challenge to %j', (header) => {
    expect(refusalOf(header)).toMatchObject({
      status: 400,
      code: 'invalid_request',
      challenges: ['Bearer realm="assay", error="invalid_request"'],
    });
  });

  it('R6750-01 H-16 refuses two headers, even equal ones', () => {
    expect(refusalOf('Basic YTpi', 'Basic YTpi')).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(refusalOf('Basic YTpi', 'Bearer abc')).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it.each(['Basic YTpi, Bearer abc', 'Bearer abc,def', 'Basic YTpi,YTpi'])('H-16 refuses the list %j', (header) => {
    expect(refusalOf(header)).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('H-16 refuses a header of more than 8 KiB', () => {
    expect(refusalOf(`Basic ${'A'.repeat(8192)}`)).toMatchObject({ status: 400 });
    expect(readAuthorization([`Basic ${'A'.repeat(8192 - 6)}`])).toMatchObject({ scheme: 'basic' });
  });

  it.each([
    ['Digest username="x", realm="y"', 'digest'],
    ['Negotiate abc', 'negotiate'],
    ['DPoP abc', 'dpop'],
    ['', ''],
    [' ', ''],
    ['Basic\tYTpi', ''],
    ['Bearer\tabc', ''],
    ['B@sic YTpi', ''],
  ])('takes %j for the scheme %j', (header, scheme) => {
    expect(readAuthorization([header])?.scheme).toBe(scheme);
  });

  it('takes Basic without credentials for empty credentials', () => {
    expect(readAuthorization(['Basic'])).toEqual({ scheme: 'basic', credentials: '' });
  });
});
