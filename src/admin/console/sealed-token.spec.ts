import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { SealedToken } from './sealed-token.js';

const token = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJl';

describe('SealedToken', () => {
  it('is opened by its own session alone, and holds nothing that can be read', () => {
    const sealed = new SealedToken('session-of-anna', token);
    expect(sealed.open('session-of-anna')).toBe(token);
    for (const other of ['', 'session-of-annA', 'session-of-anna ']) expect(() => sealed.open(other)).toThrow();
    const held = serialize(sealed).toString('latin1');
    for (const part of token.split('.')) expect(held).not.toContain(part);
    expect(held).not.toContain('session-of-anna');
  });
});
