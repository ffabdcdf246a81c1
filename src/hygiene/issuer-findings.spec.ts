import { describe, expect, it } from 'vitest';
import { ago, corp, found, fresh, nowMs, said, terms, type SomeFacts } from '../../test/builders/hygiene-facts.js';
import { textsOf } from './finding-texts.js';

describe('what a key set says by itself', () => {
  const publishing = (name: string, bits: number): SomeFacts => ({
    issuer: [{ ...corp, published: [{ thumbprint: 'x', strength: { name, bits } }] }],
  });

  it('a key of less strength than is asked for, with the source of the figure; from 2031 on NIST asks for more', () => {
    const short = publishing('RSA 2048', 112);
    expect(found(short)).toEqual([]);
    const [finding] = found(short, nowMs, { ...terms, keyStrength: 128 });
    expect(finding).toMatchObject({ kind: 'key_strength_low', issuer: 'corp', thumbprint: 'x' });
    const in2031 = Date.UTC(2031, 0, 1);
    expect(found(short, in2031 - 1).map(({ kind }) => kind)).not.toContain('key_strength_low');
    const [later] = found(short, in2031);
    expect(later && textsOf(later, terms, in2031).says).toBe(
      'corp publishes a key (RSA 2048) of 112 bits of security by NIST SP 800-57 part 1, table 2; 128 are asked for',
    );
    expect(found(publishing('RSA 3072', 128), in2031).map(({ kind }) => kind)).not.toContain('key_strength_low');
  });

  it('more keys at once than are asked for', () => {
    expect(found({ issuer: [{ ...corp, largestSet: 10 }] })).toEqual([]);
    const [finding] = found({ issuer: [{ ...corp, largestSet: 11 }] });
    expect(finding).toMatchObject({ kind: 'key_set_broad', issuer: 'corp', keyCount: 11 });
    expect(said(finding)).toBe('corp publishes 11 keys at once; 10 is the most that is asked for');
  });

  it('a key that is denied without an end, by whom it may be', () => {
    const denials = [{ thumbprint: 'x', atMs: ago(3) }, { thumbprint: 'y' }];
    const findings = found({ issuer: [{ ...corp, endlessDenials: denials }] });
    expect(findings).toMatchObject([
      { kind: 'decision_endless', thumbprint: 'x' },
      { kind: 'decision_endless', thumbprint: 'y' },
    ]);
    expect(findings.map(said)).toEqual([
      'A key of corp is denied since 2026-11-27, without an end',
      'A key of corp is denied by the configuration, without an end',
    ]);
  });
});

describe('what a registration allows', () => {
  it('a lifetime is not loose that is less than four times what is needed, nor before it was watched for a month', () => {
    const lived = (seconds: number, sinceDays: number): SomeFacts => ({
      issuer: [{ ...corp, record: { ...fresh, sinceMs: ago(sinceDays), longest: { seconds, atMs: nowMs } } }],
    });
    expect(found(lived(901, 400))).toEqual([]);
    expect(found(lived(900, 29))).toEqual([]);
    expect(said(found(lived(900, 400))[0])).toBe(
      'corp may sign tokens that live 1h, and in 30 days signed none that lives longer than 15m',
    );
  });
});
