import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { KnownRevocations } from './known-revocations.js';
import { digestOf, type Revocation } from './revocation.js';
import { UnsharedRevocations } from './shared-revocations.js';

const digest = digestOf({ issuer: 'corp' }, 'session', 's1');
const decision: Revocation = {
  issuerId: 'corp',
  kind: 'session',
  digest,
  before: 0,
  verdict: 'revoked',
  at: 1,
  until: 9,
};

describe('UnsharedRevocations', () => {
  it('tells of each decision, in whichever way it was made, and of what arrives again only once', async () => {
    const clock = new FakeClock();
    const told: Revocation[] = [];
    const onDecision = (each: Revocation): void => void told.push(each);
    const shared = new UnsharedRevocations({ known: new KnownRevocations(), clock, onDecision });
    await shared.share(decision);
    await shared.insist({ ...decision, verdict: 'allowed' });
    const arrival = { source: 'idp', digest: 'one', untilMs: clock.wallMs() + 60_000, mostPerMinute: 600 };
    expect([await shared.admit(arrival, [decision]), await shared.admit(arrival, [decision])]).toEqual([
      'first',
      'repeated',
    ]);
    expect(told.map(({ verdict }) => verdict)).toEqual(['revoked', 'allowed', 'revoked']);
  });
});
