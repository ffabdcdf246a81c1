import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../../test/fakes/fake-clock.js';
import { ProvenHeaders, type ProvenHeader } from './proven-headers.js';

const credentials = 'b3JkZXJzOm9yZGVycy1zZWNyZXQ=';
const caller = { id: 'orders', issuers: 'any', audiences: 'any', claims: 'any' } as const;
const proven: ProvenHeader = { caller, claimedIds: ['orders'], untilMs: Infinity };

let clock: FakeClock;
let headers: ProvenHeaders;

describe('proven headers', () => {
  beforeEach(() => {
    clock = new FakeClock();
    headers = new ProvenHeaders(clock);
  });

  it('are found again, with who they were', () => {
    headers.remember(credentials, proven);
    expect(headers.find(credentials)).toEqual(proven);
  });

  it.each([
    ['other credentials', `${credentials} `],
    ['the same in other letters', credentials.toLowerCase()],
    ['none', ''],
  ])('do not vouch for %s', (_what, other) => {
    headers.remember(credentials, proven);
    expect(headers.find(other)).toBeUndefined();
  });

  it('are not remembered where they are longer than any', () => {
    const long = 'a'.repeat(4097);
    headers.remember(long, proven);
    expect(headers.find(long)).toBeUndefined();
  });

  it('are worth nothing after they were cleared', () => {
    headers.remember(credentials, proven);
    headers.clear();
    expect(headers.find(credentials)).toBeUndefined();
  });

  it('I-08 are worth nothing from the moment on at which a secret of their caller expires', async () => {
    headers.remember(credentials, { ...proven, untilMs: clock.wallMs() + 1_000 });
    await clock.advance(999);
    expect(headers.find(credentials)).toBeDefined();
    await clock.advance(1);
    expect(headers.find(credentials)).toBeUndefined();
  });

  it('I-10 hold nothing of what they were', () => {
    headers.remember(credentials, proven);
    expect(inspect(headers, { depth: null, showHidden: true })).not.toContain(credentials);
  });
});
