import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { MAX_SECRET_LENGTH, nobodysSecrets, SecretDigests } from './secret-digest.js';

const secret = 'correct-horse-battery-staple';
const now = Date.parse('2026-11-21T12:00:00Z');

describe('SecretDigests', () => {
  it('matches each of several secrets and nothing else', () => {
    const digests = new SecretDigests([{ value: secret }, { value: 'another-secret-altogether' }]);
    expect(digests.match(secret, now)).toBeDefined();
    expect(digests.match('another-secret-altogether', now)).toBeDefined();
    expect(digests.match(secret.toUpperCase(), now)).toBeUndefined();
    expect(digests.match(`${secret} `, now)).toBeUndefined();
    expect(digests.match(secret.slice(0, -1), now)).toBeUndefined();
  });

  it('matches once, even when one secret is registered twice', () => {
    expect(new SecretDigests([{ value: secret }, { value: secret }]).match(secret, now)).toBeDefined();
  });

  it('I-08 refuses an expired secret from its moment on, and goes on accepting the other', () => {
    const digests = new SecretDigests([{ value: secret, expires: now }, { value: 'the-new-secret-of-the-caller' }]);
    expect(digests.match(secret, now - 1)).toBeDefined();
    expect(digests.match(secret, now)).toBeUndefined();
    expect(digests.match('the-new-secret-of-the-caller', now)).toBeDefined();
  });

  it('I-03 never matches the empty secret, not even a registered one', () => {
    expect(new SecretDigests([{ value: '' }]).match('', now)).toBeUndefined();
    expect(nobodysSecrets.match('', now)).toBeUndefined();
  });

  it('I-03 never matches a secret that is too long, not even a registered one', () => {
    const long = 'x'.repeat(MAX_SECRET_LENGTH + 1);
    expect(new SecretDigests([{ value: long }]).match(long, now)).toBeUndefined();
    expect(new SecretDigests([{ value: long.slice(1) }]).match(long.slice(1), now)).toBeDefined();
    expect(new SecretDigests([{ value: '' }]).match(long, now)).toBeUndefined();
  });

  it('tells strong secrets from weak ones, and whether any weak one is still good', () => {
    const strong = 'Wq7Zt3Lm9XcVb5NhPf4Gs8Rd1JkQm6';
    const digests = new SecretDigests([{ value: strong }, { value: secret, expires: now }]);
    expect([digests.match(strong, now - 1), digests.match(secret, now - 1)]).toEqual(['strong', 'weak']);
    expect([digests.areGuessable(now - 1), digests.areGuessable(now)]).toEqual([true, false]);
    expect([digests.match(secret, now), nobodysSecrets.areGuessable(now)]).toEqual([undefined, false]);
  });

  it('I-10 does not hold the secret', () => {
    expect(inspect(new SecretDigests([{ value: secret }]), { depth: null, showHidden: true })).not.toContain(secret);
  });
});
