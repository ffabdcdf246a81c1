import { describe, expect, it } from 'vitest';
import { formCharset, formType } from './form-type.js';

describe('formCharset', () => {
  it.each([
    [formType, 'utf-8'],
    ['Application/X-WWW-Form-Urlencoded', 'utf-8'],
    [`${formType};`, 'utf-8'],
    [`${formType};charset=utf-8`, 'utf-8'],
    [`${formType}; charset=UTF-8`, 'utf-8'],
    [`${formType}; charset="utf-8"`, 'utf-8'],
    [`${formType}\t;\tCharset=utf-8 ; `, 'utf-8'],
    [`${formType}; charset=us-ascii`, 'ascii'],
    [`${formType}; charset=ISO-8859-1`, 'ascii'],
  ])('reads %j as %s', (contentType, charset) => {
    expect(formCharset(contentType)).toBe(charset);
  });

  it.each([
    '',
    'application/json',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded2',
    `text/plain; ${formType}`,
    `${formType}, ${formType}`,
    `${formType}; charset=utf-16`,
    `${formType}; charset=utf-7`,
    `${formType}; charset=`,
    `${formType}; charset="utf-8`,
    `${formType}; charset = utf-8`,
    `${formType}; charset=utf-8; charset=utf-8`,
    `${formType}; charset=utf-8; boundary=x`,
    `${formType}; boundary=x`,
    `${formType}\u00a0`,
  ])('H-04 does not read %j', (contentType) => {
    expect(formCharset(contentType)).toBeUndefined();
  });
});
