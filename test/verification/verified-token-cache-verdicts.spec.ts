import { describe, expect, it } from 'vitest';
import type { Caller } from '../../src/callers/caller.js';
import { compileClaimNames, usualNames } from '../../src/claims/claim-names.js';
import { responseForm } from '../../src/introspection/introspect-response.js';
import { answerIn, introspectionAnswer, jsonAnswer } from '../../src/introspection/introspection-answer.js';
import { Introspector, type Active } from '../../src/introspection/introspector.js';
import type { GoodToken } from '../../src/verification/good-token.js';
import type { AnswerForm } from '../../src/verification/prepared-answer.js';
import { aKey, thumbprintOf } from '../builders/a-key.js';
import { anIssuer } from '../builders/an-issuer.js';
import { issuerOf, Remembering } from './support/remembering.js';

/** What is remembered is a signature. Everything else that a verdict depends on is looked at each time. */
describe('a remembered token', () => {
  it('is not looked for where the text is longer than any token', async () => {
    const r = new Remembering();
    expect(await r.verdict('x'.repeat(16_385))).toBe('oversized');
    expect(r.usage.misses).toBe(0);
  });

  it('is answered without another check of its signature', async () => {
    const r = new Remembering();
    const token = await r.remembered();
    const before = r.usage.hits;
    expect(await r.verdict(token)).toBe('active');
    expect(r.usage).toMatchObject({ hits: before + 1, misses: 1, entries: 1 });
  });

  it('is inactive once it has expired, and as long as it is not valid yet', async () => {
    const r = new Remembering();
    const token = await r.remembered();
    await r.clock.advance(329_999);
    expect(await r.verdict(token)).toBe('active');
    await r.clock.advance(1);
    expect(await r.verdict(token)).toBe('expired');
    r.clock.stepWall(-7_200_000);
    expect(await r.verdict(token)).toBe('not_yet_valid');
  });

  it('is of an unknown issuer once that was removed', async () => {
    const r = new Remembering();
    const token = await r.remembered();
    r.register();
    expect(await r.verdict(token)).toBe('issuer_unknown');
  });

  it('B-10 D10 is refused where a new registration of its issuer has other keys', async () => {
    const r = new Remembering();
    const token = await r.remembered();
    r.register(issuerOf([aKey()]));
    expect(await r.verdict(token)).toBe('key_unknown');
    // The same name for another key: what counts is the key.
    r.register(issuerOf([aKey('ES256', { kid: r.key.kid })], { keySourceFingerprint: 'another source' }));
    expect(await r.verdict(token)).toBe('signature_invalid');
  });

  it('is refused where its key is published for the tokens of somebody else from now on', async () => {
    const r = new Remembering();
    const publishedFor = (issuer: string) => issuerOf([{ ...r.key, jwk: { ...r.key.jwk, issuer } }]);
    r.register(publishedFor('https://login.corp.example'));
    const token = await r.remembered();
    r.register({ ...publishedFor('https://login.other.example'), keySourceFingerprint: 'another source' });
    expect(await r.verdict(token)).toBe('key_unknown');
  });

  it('is judged by the registration of now, whatever its short id', async () => {
    const r = new Remembering();
    const token = await r.remembered();
    r.register(issuerOf([r.key], { id: 'renamed' }));
    expect(await r.verifier.verify(token)).toMatchObject({ issuer: { id: 'renamed' } });
  });

  it.each([
    ['its algorithm is not allowed any more', { algorithms: new Set(['RS256'] as const) }, 'algorithm_not_allowed'],
    ['its type is not accepted any more', { tokenTypes: new Set(['jwt']) }, 'token_type_not_allowed'],
    ['the audience is another', anIssuer({}, { audiences: new Set(['https://other.example']) }), 'audience_mismatch'],
    ['a rule was added', anIssuer({}, { rules: [{ claim: 'tenant', equals: 'acme' }] }), 'rule_failed'],
    ['a claim is required', anIssuer({}, { requiredClaims: ['email'] }), 'claim_missing'],
    ['tokens may live for a minute', anIssuer({}, { maxLifetimeSeconds: 60 }), 'lifetime_exceeded'],
  ] as const)('is refused when %s', async (_name, change, code) => {
    const r = new Remembering();
    const token = await r.remembered();
    const registered = r.issuers.byId('corp')!;
    const { algorithms, tokenTypes, policy } = { ...registered, ...change };
    r.register({ ...registered, algorithms, tokenTypes, policy });
    expect(await r.verdict(token)).toBe(code);
    r.register(registered);
    expect(await r.verdict(token)).toBe('active');
  });

  it('is refused while its key is denied, by the configuration or by an operator', async () => {
    const r = new Remembering();
    const token = await r.remembered();
    const thumbprint = thumbprintOf(r.key.jwk);
    const registered = r.issuers.byId('corp')!;
    r.register({ ...registered, deniedKeys: new Set([thumbprint]) });
    expect(await r.verdict(token)).toBe('key_denied');
    r.register(registered);
    await r.denials.deny({ issuerId: 'corp', thumbprint, reason: 'stolen', by: 'ops' });
    expect(await r.verdict(token)).toBe('key_denied');
    await r.denials.allow({ issuerId: 'corp', thumbprint, reason: 'found', by: 'ops' });
    expect(await r.verdict(token)).toBe('active');
  });

  it('is withheld from a caller without the right to it, and shown as far as each may see', async () => {
    const r = new Remembering();
    const introspector = new Introspector(r.verifier);
    const token = await r.remembered(r.good.with({ tenant: 'acme' }).build());
    const caller = { id: 'one', issuers: 'any', audiences: 'any', claims: new Set(['tenant']) } as const;
    const ask = async (differences: object) => {
      const result = await introspector.introspect(token, { ...caller, ...differences });
      return result.active ? Object.keys(introspectionAnswer(result)) : result.rejection.code;
    };
    expect(await ask({ issuers: new Set(['other']) })).toBe('caller_issuer_not_granted');
    expect(await ask({ audiences: new Set(['https://other.example']) })).toBe('caller_audience_not_granted');
    expect(await ask({ claims: new Set() })).not.toContain('tenant');
    expect(await ask({})).toContain('tenant');
  });

  it('is answered with what was prepared, and never with what was for another registration, caller or endpoint', async () => {
    const r = new Remembering();
    const introspector = new Introspector(r.verifier);
    const token = r.good.with({ tenant: 'acme', team: 'red' }).build();
    const registered = r.issuers.byId('corp')!;
    const one: Caller = { id: 'one', issuers: 'any', audiences: 'any', claims: new Set(['tenant']) };
    let writes = 0;
    const counted: AnswerForm<Active, string> = {
      ...jsonAnswer,
      write: (active) => `${jsonAnswer.write(active)}${++writes}`,
    };
    const ask = async <Form>(form: AnswerForm<Active, Form>, caller = one): Promise<Form> => {
      const result = await introspector.introspect(token, caller);
      if (!result.active) throw new Error(result.rejection.code);
      return answerIn(result, form);
    };
    // The first answer is about a token that nobody remembered yet.
    const [first, second, third, fourth] = [
      await ask(counted),
      await ask(counted),
      await ask(counted),
      await ask(counted),
    ];
    expect([second === first, third === second, fourth === second]).toEqual([false, true, true]);
    expect(writes).toBe(2);
    expect(await ask(jsonAnswer)).toContain('"tenant":"acme"');
    expect(await ask(jsonAnswer, { ...one, claims: new Set(['team']) })).toMatch(/^(?!.*tenant).*"team":"red"/);
    expect(await ask(jsonAnswer, { ...one })).toContain('"tenant":"acme"');
    expect(await ask(responseForm)).toMatchObject({ clientId: 'shop', claimsJson: '{"tenant":"acme"}' });
    r.register({ ...registered, names: compileClaimNames({ ...usualNames, clientIdClaims: ['team'] }) });
    expect(await ask(responseForm)).toMatchObject({ clientId: 'red' });
    await r.clock.advance(330_000);
    await expect(ask(jsonAnswer)).rejects.toThrow('expired');
  });

  it('says the same the second time as the first', async () => {
    const r = new Remembering();
    const token = r.good.with({ big: 12345678901234567890n, deep: { list: [1, { a: null }] }, ü: '\u{1f511}' }).build();
    const { issuer, jwt } = (await r.verifier.verify(token)) as GoodToken;
    expect(await r.verifier.verify(token)).toMatchObject({ issuer, jwt });
    expect(r.usage.hits).toBe(1);
  });

  it('cannot be changed by anybody who got hold of its claims', async () => {
    const r = new Remembering();
    const token = await r.remembered(
      r.good
        .for(['https://api.corp.example', 'b'])
        .with({ o: { a: [1] } })
        .build(),
    );
    const verdict = (await r.verifier.verify(token)) as unknown as {
      jwt: {
        header: { alg: string };
        keyThumbprint: string;
        claims: { sub: string; aud: string[]; o: { a: number[] } };
      };
    };
    const { jwt } = verdict;
    const attempts = [
      () => (jwt.claims.sub = 'mallory'),
      () => jwt.claims.aud.push('https://mallory.example'),
      () => (jwt.claims.o.a[0] = 2),
      () => (jwt.claims.o = { a: [] }),
      () => Object.assign(jwt.claims, { admin: true }),
      () => (jwt.header.alg = 'ES384'),
      () => (jwt.keyThumbprint = 'mine'),
    ];
    for (const attempt of attempts) expect(attempt).toThrow(TypeError);
    expect(JSON.stringify(await r.verifier.verify(token))).toContain('"sub":"alice"');
  });

  it('is not remembered where the memory is off', async () => {
    const r = new Remembering(0);
    const token = r.good.build();
    for (let i = 0; i < 3; i++) expect(await r.verdict(token)).toBe('active');
    expect(r.usage).toEqual({ hits: 0, misses: 0, entries: 0, bytes: 0, limitBytes: 0 });
  });
});
