import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aKey } from '../builders/a-key.js';
import { encode } from '../builders/a-token.js';
import { Remembering } from './support/remembering.js';

describe('the memory for verified tokens, attacked', () => {
  it('defect 1: the signature of a remembered token does not vouch for another payload or header', async () => {
    const r = new Remembering();
    const token = await r.remembered();
    const [header, payload, signature] = token.split('.') as [string, string, string];
    const other = encode(r.good.with({ sub: 'mallory' }).payloadText);
    expect(await r.verdict(`${header}.${other}.${signature}`)).toBe('signature_invalid');
    const otherHeader = encode(r.good.header({ typ: 'JWT' }).headerText);
    expect(await r.verdict(`${otherHeader}.${payload}.${signature}`)).toBe('signature_invalid');
    expect(r.usage.entries).toBe(1);
  });

  it('knows no spelling of a remembered token but its own', async () => {
    const r = new Remembering();
    const token = await r.remembered();
    const last = token.at(-1)!;
    const likeLast = String.fromCharCode(0x100 + last.charCodeAt(0));
    const variants = [
      `${token} `,
      ` ${token}`,
      `${token}\n`,
      `${token}\0`,
      `${token}=`,
      `\ufeff${token}`,
      token.replace('.', '\u2024'),
      token.replace('.', '%2E'),
      token.toUpperCase(),
      token.replaceAll('_', '/').replaceAll('-', '+'),
      // Ends in the same octet where somebody cuts characters to octets.
      token.slice(0, -1) + likeLast,
      `${token}\ud800`,
      token.normalize('NFD') + '\u0301',
      `Bearer ${token}`,
    ];
    for (const variant of variants.filter((each) => each !== token)) {
      expect(r.memory.find(variant), JSON.stringify(variant)).toBeUndefined();
      expect(await r.verdict(variant)).not.toBe('active');
    }
    expect(await r.verdict(token)).toBe('active');
  });

  it('finds a token by all of its characters', async () => {
    const r = new Remembering();
    const token = await r.remembered();
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.string({ unit: 'binary', minLength: 0, maxLength: 3 }), (at, text) => {
        const mutant = token.slice(0, at) + text + token.slice(at + 1);
        expect(r.memory.find(mutant) !== undefined).toBe(mutant === token);
      }),
    );
  });

  it('is not filled by tokens that are not good, whatever is wrong with them', async () => {
    const good = new Remembering();
    const size = (await good.remembered(), good.usage.bytes);
    // Room for two.
    const r = new Remembering(Math.floor(size * 2.5));
    const token = await r.remembered();
    const stranger = aKey('ES256', { kid: r.key.kid });
    const bad = [
      r.good.signedBy(stranger),
      r.good.expiredAt(r.clock.wallMs() / 1000),
      r.good.for('https://other.example'),
      r.good.from('https://unknown.example'),
      r.good.header({ typ: 'logout+jwt' }),
      r.good.with({ exp: undefined }),
    ];
    for (let i = 0; i < 300; i++) {
      const forged = bad[i % bad.length]!.with({ jti: `forged-${i}` }).build();
      expect(await r.verdict(forged)).not.toBe('active');
      expect(await r.verdict(`${token.slice(0, -3)}${i.toString().padStart(3, '0')}`)).not.toBe('active');
    }
    expect(r.usage.entries).toBe(1);
    expect(r.memory.find(token)).toBeDefined();
  });

  it('does not remember tokens of a denied key', async () => {
    const r = new Remembering();
    const registered = r.issuers.byId('corp')!;
    const token = await r.remembered();
    const { jwt } = (await r.verifier.verify(token)) as { jwt: { keyThumbprint: string } };
    r.register({ ...registered, deniedKeys: new Set([jwt.keyThumbprint]) });
    expect(await r.verdict(r.good.with({ jti: 'another' }).build())).toBe('key_denied');
    expect(r.usage.entries).toBe(1);
  });

  it('gives every one of many questions at once its own answer', async () => {
    const r = new Remembering();
    const tokens = Array.from({ length: 20 }, (_, i) => r.good.with({ sub: `user-${i}` }).build());
    const asked = Array.from({ length: 200 }, (_, i) => tokens[(i * 7) % tokens.length]!);
    const verdicts = await Promise.all(asked.map(async (token) => r.verifier.verify(token)));
    for (const [i, verdict] of verdicts.entries()) {
      expect(verdict).toMatchObject({ jwt: { claims: { sub: `user-${(i * 7) % 20}` } } });
    }
    expect(r.usage.entries).toBe(20);
  });
});
