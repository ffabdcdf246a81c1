import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aProof } from './support/a-proof.js';
import {
  algs,
  badProof,
  badToken,
  bearerChallenge,
  DpopEndpoints,
  endpoints,
  key,
  other,
  type Asked,
} from './support/dpop-endpoints.js';

let world: DpopEndpoints;
let token: string;
let now: number;

beforeAll(async () => {
  world = await DpopEndpoints.open();
  ({ token, now } = world);
});

afterAll(() => world.close());

const proof = (...parts: Parameters<DpopEndpoints['proof']>) => world.proof(...parts);

describe.each(endpoints)('which proofs were used, and nonces, at %s', (endpoint) => {
  const ask = (asked: Asked) => world.ask(endpoint, asked);

  it('DP-04 a proof is good once', async () => {
    const once = proof().build();
    expect(await ask({ token, proofs: [once] })).toMatchObject({ status: 200 });
    expect(await ask({ token, proofs: [once] })).toMatchObject(badProof);
    // Whoever has the key may not sign the same jti again either.
    const jti = 'the-same';
    expect(await ask({ token, proofs: [proof({ jti }).build()] })).toMatchObject({ status: 200 });
    expect(await ask({ token, proofs: [proof({ jti, iat: now - 1 }).build()] })).toMatchObject(badProof);
  });

  it('DP-05 no proxy may remember that it passed', async () => {
    const { expires } = await ask({ token, proofs: [proof().build()] });
    expect(Number(expires)).toBe(Math.floor(now));
  });

  it('DP-04 of two racing requests one passes', async () => {
    const once = proof().build();
    const told = await Promise.all(Array.from({ length: 8 }, () => ask({ token, proofs: [once] })));
    expect(told.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(401)]);
  });

  it('DP-04 a jti that somebody else has used is still good for its owner', async () => {
    const jti = 'overheard';
    const theirs = world.boundTo(other).build();
    expect(await ask({ token: theirs, proofs: [aProof(other, theirs, now, { jti }).build()] })).toMatchObject({
      status: 200,
    });
    expect(await ask({ token, proofs: [proof({ jti }).build()] })).toMatchObject({ status: 200 });
  });

  it('DP-04 without a memory the profile lets a proof pass again', async () => {
    const twice = proof().build();
    for (let i = 0; i < 2; i++) {
      expect(await ask({ token, caller: 'edge-off', proofs: [twice] })).toMatchObject({ status: 200 });
    }
  });

  describe('DP-05 where the profile says that its proxy names each request itself', () => {
    const caller = 'edge-twice';
    const requestId = randomUUID();

    it('a second question about the same request is no second use, for 5 s; another request is', async () => {
      const asked = { token, caller, proofs: [proof().build()], requestId };
      expect([await ask(asked), await ask(asked), await ask(asked)]).toMatchObject(Array(3).fill({ status: 200 }));
      for (const other of [randomUUID(), requestId.slice(1), '', `${requestId},${requestId}`])
        expect(await ask({ ...asked, requestId: other })).toMatchObject(badProof);
      expect(await ask({ ...asked, caller: 'edge-twice-2' })).toMatchObject(badProof);
      await world.reception.clock.advance(5_000);
      expect(await ask(asked)).toMatchObject({ status: 200 });
      await world.reception.clock.advance(1);
      expect(await ask(asked)).toMatchObject(badProof);
      world.reception.clock.stepWall(-5_001);
    });

    it.each(['', 'a-counter-0042', 'x'.repeat(129), `${requestId},${requestId}`, `${requestId} `.repeat(2)])(
      'a request that is called %j has no name: what could be guessed, or was joined of several, tells nothing apart',
      async (name) => {
        const asked = { token, caller, proofs: [proof().build()], requestId: name };
        expect(await ask(asked)).toMatchObject({ status: 200 });
        expect(await ask(asked)).toMatchObject(badProof);
      },
    );

    it('elsewhere the header changes nothing: clients may write it', async () => {
      const asked = { token, proofs: [proof().build()], requestId };
      expect([await ask(asked), await ask(asked)]).toMatchObject([{ status: 200 }, badProof]);
    });
  });

  it('DP-05 a request that would not pass uses no proof up', async () => {
    const once = proof().build();
    const scope = 'orders:write';
    expect(await ask({ token, scope, proofs: [once] })).toMatchObject({
      status: 403,
      challenge: `DPoP algs="${algs}", error="insufficient_scope", scope="orders:write", ${bearerChallenge}`,
    });
    expect(await ask({ token, path: '/elsewhere', proofs: [once] })).toMatchObject(badProof);
    expect(await ask({ token, proofs: [once] })).toMatchObject({ status: 200 });
  });

  it('DP-05 a bad token is told before a bad proof, and without its key nobody learns which scopes it lacks', async () => {
    const expired = world.boundTo(key).expiredAt(now).build();
    expect(await ask({ token: expired, proofs: ['proof'] })).toMatchObject(badToken);
    const forged = proof().signedBy(other).header({ kid: undefined }).build();
    expect(await ask({ token, scope: 'orders:write', proofs: [forged] })).toMatchObject(badProof);
  });

  it('DP-07 a proof without a nonce of ours is asked for one, which is good for two to three minutes', async () => {
    const caller = 'edge-nonce';
    const told = await ask({ token, caller, proofs: [proof().build()] });
    expect(told).toMatchObject({
      status: 401,
      challenge: `DPoP algs="${algs}", error="use_dpop_nonce", ${bearerChallenge}`,
    });
    const nonce = told.nonce!;
    expect(nonce).toMatch(/^[A-Za-z0-9_-]{27}$/);
    const after = async (seconds: number) => {
      world.reception.clock.stepWall(seconds * 1000);
      const answer = await ask({ token, caller, proofs: [proof({ nonce, iat: now + seconds }).build()] });
      world.reception.clock.stepWall(-seconds * 1000);
      return answer;
    };
    // The clock of these tests stands at the begin of a minute.
    expect([await after(0), await after(179)]).toMatchObject([{ status: 200 }, { status: 200 }]);
    const late = await after(180);
    expect(late).toMatchObject({ status: 401, challenge: expect.stringContaining('use_dpop_nonce') as string });
    expect(late.nonce).not.toBe(nonce);
  });

  it('DP-07 nonces of others are none: of another profile, made up, changed', async () => {
    const caller = 'edge-nonce';
    const { nonce = '' } = await ask({ token, caller, proofs: [] });
    for (const wrong of [
      '',
      'nonce',
      nonce.slice(1),
      `${nonce}A`,
      nonce.replace(/.$/, nonce.endsWith('A') ? 'E' : 'A'),
    ]) {
      const told = await ask({ token, caller, proofs: [proof({ nonce: wrong }).build()] });
      expect(told.challenge).toContain('use_dpop_nonce');
    }
  });

  it('DP-08 without a token both schemes are told, and which algorithms proofs may have', async () => {
    const told = await ask({ token: '', scheme: 'Basic', proofs: [] });
    expect(told).toMatchObject({ status: 401, challenge: `${bearerChallenge}, DPoP algs="${algs}"` });
  });

  it('a token of another kind is no proof, and a proof is no token', async () => {
    expect(await ask({ token, proofs: [token] })).toMatchObject(badProof);
    const made = proof().build();
    expect(await ask({ token: made, proofs: [made] })).toMatchObject(badToken);
  });

  it('a profile without proofs refuses a bound token, whatever comes with it', async () => {
    const told = await ask({ token, caller: 'edge', proofs: [proof().build()], scheme: 'Bearer' });
    expect(told).toMatchObject({ status: 401, challenge: `${bearerChallenge}, error="invalid_token"` });
    expect(await ask({ token, caller: 'edge', proofs: [proof().build()] })).toMatchObject({
      challenge: bearerChallenge,
    });
  });
});
