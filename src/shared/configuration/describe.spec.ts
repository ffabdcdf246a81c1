import { describe as suite, expect, it } from 'vitest';
import { describe, describeKind } from './describe.js';

suite('how a value is called in a problem', () => {
  it.each([
    [undefined, 'nothing'],
    [null, 'nothing'],
    ['', '""'],
    ['30', '"30"'],
    [30, '30'],
    [true, 'true'],
    [[], 'an empty list'],
    [[1], 'a list'],
    [{}, 'a mapping'],
  ])('%j → %s', (value, text) => {
    expect(describe(value)).toBe(text);
  });

  it('is short, on one line, and without the password of a URL', () => {
    expect(describe('x'.repeat(1_000))).toHaveLength(83);
    expect(describe('a\nb')).toBe('"a\\nb"');
    expect(describe('redis://user:hunter2@redis:6379')).toBe('"redis://…@redis:6379"');
  });

  it.each([['hunter2'], [42], [true], [['hunter2']], [{ a: 'hunter2' }]])('says nothing of the secret %j', (secret) => {
    expect(describeKind(secret)).not.toMatch(/hunter2|42/);
  });
});
