import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { MAX_SECRET_LENGTH, nobodysSecrets, SecretDigests } from './secret-digest.js';

const secret = 'correct-horse-battery-staple';
const now = Date.parse('2026-11-21T12:00:00Z');

describe('SecretDigests', () => {
  it('matches each of several secrets and nothing else', () => {
    const digests = new SecretDigests([{ value: secret }, { value: 'another-secret-altogether' }]);
    expect(digests.matches(secret, now)).toBe(true);
    expect(digests.matches('another-secret-altogether', now)).toBe(true);
    expect(digests.matches(secret.toUpperCase(), now)).toBe(false);
    expect(digests.matches(`${secret} `, now)).toBe(false);
    expect(digests.matches(secret.slice(0, -1), now)).toBe(false);
  });

  it('matches once, even when one secret is registered twice', () => {
    expect(new SecretDigests([{ value: secret }, { value: secret }]).matches(secret, now)).toBe(true);
  });

  it('I-08 refuses an expired secret from its moment on, and goes on accepting the other', () => {
    const digests = new SecretDigests([{ value: secret, expires: now }, { value: 'the-new-secret-of-the-caller' }]);
    expect(digests.matches(secret, now - 1)).toBe(true);
    expect(digests.matches(secret, now)).toBe(false);
    expect(digests.matches('the-new-secret-of-the-caller', now)).toBe(true);
  });

  it('I-03 never matches the empty secret, not even a registered one', () => {
    expect(new SecretDigests([{ value: '' }]).matches('', now)).toBe(false);
    expect(nobodysSecrets.matches('', now)).toBe(false);
  });

  it('I-03 never matches a secret that is too long, not even a registered one', () => {
    const long = 'x'.repeat(MAX_SECRET_LENGTH + 1);
    expect(new SecretDigests([{ value: long }]).matches(long, now)).toBe(false);
    expect(new SecretDigests([{ value: long.slice(1) }]).matches(long.slice(1), now)).toBe(true);
    expect(new SecretDigests([{ value: '' }]).matches(long, now)).toBe(false);
  });

  it('I-10 does not hold the secret', () => {
    expect(inspect(new SecretDigests([{ value: secret }]), { depth: null, showHidden: true })).not.toContain(secret);
  });
});
