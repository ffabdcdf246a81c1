import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OAuthError } from '../oauth-error.js';
import { parseForm } from './form.js';

const known = new Set(['token', 'client_id']);

function parse(body: string | Buffer): Record<string, string> {
  return Object.fromEntries(parseForm(Buffer.from(body), known));
}

describe('parseForm', () => {
  it('decodes names and values once (RFC 6749 appendix B)', () => {
    expect(parse('%74oken=+%25%26%2B%C2%A3%E2%82%AC&client_id=a%2541')).toEqual({ token: ' %&+£€', client_id: 'a%41' });
  });

  it('splits at the first equals sign', () => {
    expect(parse('token=a=b==')).toEqual({ token: 'a=b==' });
  });

  it('treats a parameter without a value as omitted, and still as sent once', () => {
    expect(parse('token=&client_id')).toEqual({});
    expect(() => parse('token=&token=a')).toThrow(OAuthError);
  });

  it('keeps a byte order mark: it is part of what was sent', () => {
    expect(parse('\ufefftoken=a')).toEqual({});
  });

  it('never quotes what was sent', () => {
    const sent = ['token=canary%zz', 'canary=%ff', Buffer.from('token=canary\xff', 'latin1')];
    for (const body of sent) {
      const error = catchError(() => parse(body));
      expect(error).toMatchObject({ code: 'invalid_request', status: 400 });
      expect([error.message, error.detail, String(error.cause)].join()).not.toContain('canary');
    }
  });

  it('reads back what URLSearchParams writes', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => value.isWellFormed());
    fc.assert(
      fc.property(text, text, (token, id) => {
        expect(parse(new URLSearchParams({ token, client_id: id }).toString())).toEqual({ token, client_id: id });
      }),
    );
  });

  it('H-03 answers any bytes with a form or invalid_request, nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const error = catchError(() => parse(Buffer.from(bytes)), false);
        expect(error === undefined || error.code === 'invalid_request').toBe(true);
      }),
    );
  });
});

function catchError(action: () => unknown): OAuthError;
function catchError(action: () => unknown, required: false): OAuthError | undefined;
function catchError(action: () => unknown, required = true): OAuthError | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof OAuthError) return error;
    throw error;
  }
  if (required) throw new Error('nothing was thrown');
  return undefined;
}
