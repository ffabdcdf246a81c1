import { expect, it } from 'vitest';
import { anIssuer } from '../../test/builders/an-issuer.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import { PassedChecks } from './passed-checks.js';

const aKey = (): VerificationKey => ({ thumbprint: 'one', verifiers: new Map() });

it('a token has passed the rules of the last policy that it passed, and of no other one', () => {
  const [one, other] = [anIssuer().policy, anIssuer().policy];
  const passed = new PassedChecks();
  expect(passed.hasPassed(one)).toBe(false);
  passed.pass(one);
  expect([passed.hasPassed(one), passed.hasPassed(other)]).toEqual([true, false]);
  passed.pass(other);
  expect([passed.hasPassed(one), passed.hasPassed(other)]).toEqual([false, true]);
});

it('a key that is published anew, or for another registration, may be for other tokens', () => {
  const [key, issuer] = [aKey(), anIssuer()];
  const passed = new PassedChecks();
  expect(passed.isInScope(key, issuer)).toBe(false);
  passed.putInScope(key, issuer);
  expect(passed.isInScope(key, issuer)).toBe(true);
  expect([passed.isInScope(aKey(), issuer), passed.isInScope(key, anIssuer())]).toEqual([false, false]);
});
