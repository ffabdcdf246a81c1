import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isWeak, strengthOf, weaknessOfKey } from './secret-strength.js';

/** So many secrets of each generator are judged. */
const TIMES = 3_000;

let drawn = 0;

/** Octets that look random and are the same in each run: of a million secrets one or two may look like words. */
function randomBytes(length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(`${drawn++}`).digest();
}

function randomOf(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomBytes(6).readUIntBE(0, 6) % alphabet.length]).join('');
}

function randomUuid(): string {
  const hex = randomBytes(16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const alphanumeric = `${lower}${lower.toUpperCase()}${digits}`;

const generators: readonly (readonly [string, () => string])[] = [
  ['openssl rand -hex 16', () => randomBytes(16).toString('hex')],
  ['openssl rand -hex 16, in capitals', () => randomBytes(16).toString('hex').toUpperCase()],
  ['openssl rand -hex 32', () => randomBytes(32).toString('hex')],
  ['openssl rand -base64 16', () => randomBytes(16).toString('base64')],
  ['openssl rand -base64 32', () => randomBytes(32).toString('base64')],
  ['secrets.token_urlsafe(16)', () => randomBytes(16).toString('base64url')],
  ['secrets.token_urlsafe(32)', () => randomBytes(32).toString('base64url')],
  ['uuidgen', randomUuid],
  ['32 letters and digits, as Keycloak makes them', () => randomOf(alphanumeric, 32)],
  ['tr -dc A-Za-z0-9 | head -c 22', () => randomOf(alphanumeric, 22)],
  ['base32, 26 characters', () => randomOf(`${lower.toUpperCase()}234567`, 26)],
  ['20 printable characters of a password manager', () => randomOf(`${alphanumeric}!#$%&()*+,-./:;<=>?@[]^_{|}~`, 20)],
  ['a word and 22 random characters', () => `orders-${randomBytes(16).toString('base64url')}`],
];

const guessable = [
  'correct-horse-battery-staple',
  'CorrectHorseBatteryStaple',
  'correcthorsebatterystaple',
  'password',
  'P@ssw0rd-P@ssw0rd-P@ssw0rd-P@ssw0rd',
  'changeme-changeme-changeme-changeme',
  'orders-api-secret-for-production',
  'x'.repeat(64),
  'ab'.repeat(64),
  'deadbeef'.repeat(8),
  '0123456789abcdef0123456789abcdef',
  'abcdefghijklmnopqrstuvwxyz0123456789',
  '1234567890123456789012345678',
  'seven-quiet-rivers-carry-green-lanterns-home',
  'hunter2hunter2',
  'only-21-characters-xx',
  '2026-11-30-04-51-53-orders',
  '',
];

describe('the strength of secrets', () => {
  it.each(generators)('calls none of %s weak', (_what, generate) => {
    const secrets = Array.from({ length: TIMES }, generate);
    expect(secrets.filter(isWeak)).toEqual([]);
  });

  it.each(guessable)('calls %j weak', (secret) => {
    expect(isWeak(secret)).toBe(true);
  });

  it.each(generators)('credits %s with no more bits than its length can have', (_what, generate) => {
    for (let i = 0; i < 100; i++) {
      const secret = generate();
      expect(strengthOf(secret)).toBeLessThan(secret.length * Math.log2(95) + 0.001);
    }
  });

  it('calls half a secret weak, however it was made', () => {
    const halves = Array.from({ length: TIMES }, () => randomBytes(8).toString('hex'));
    expect(halves.filter((half) => !isWeak(half))).toEqual([]);
  });

  it('gains nothing by repetition', () => {
    const once = randomBytes(8).toString('hex');
    expect(strengthOf(once.repeat(4))).toBeLessThan(strengthOf(once) + 20);
  });

  it('judges the longest secret in no time worth mentioning', () => {
    expect(strengthOf('ab'.repeat(512))).toBeLessThan(40);
    expect(strengthOf('x'.repeat(100_000))).toBeLessThan(40);
  });

  it('wants 32 bytes of a key that codes are made with, and strong ones', () => {
    expect(weaknessOfKey(randomBytes(32).toString('hex'))).toBeUndefined();
    expect(weaknessOfKey(randomBytes(16).toString('hex'))).toBeUndefined();
    expect(weaknessOfKey('short')).toBe('a secret of 5 bytes');
    expect(weaknessOfKey('x'.repeat(64))).toBe('a secret of words, repeats or few different characters');
  });
});
