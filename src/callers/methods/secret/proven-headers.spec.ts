import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../../test/fakes/fake-clock.js';
import { ConfiguredIssuers } from '../../../issuers/configured-issuers.js';
import { CallerDirectory } from '../../registration/caller-directory.js';
import type { PreparedCaller } from '../../registration/prepared-caller.js';
import type { PresentedCredentials } from '../../credentials/presented-credentials.js';
import { ProvenHeaders } from './proven-headers.js';
import { SecretDigests } from './secret-digest.js';

const header = 'Basic b3JkZXJzOm9yZGVycy1zZWNyZXQ=';

let clock: FakeClock;
let directory: CallerDirectory;
let headers: ProvenHeaders;

/** A caller whose secrets expire then. */
function orders(...expires: readonly (number | undefined)[]): PreparedCaller {
  const caller = { id: 'orders', issuers: 'any', audiences: 'any', claims: 'any' } as const;
  const nothing = { assertions: undefined, certificateIdentity: undefined, token: undefined, rateLimit: undefined };
  const secrets = new SecretDigests(
    expires.map((at, i) => ({ value: `orders-secret-${i}`, ...(at !== undefined && { expires: at }) })),
  );
  return { ...nothing, caller, secrets, proxy: undefined };
}

function presented(more: Partial<PresentedCredentials> = {}): PresentedCredentials {
  return { authorization: [header], form: {}, source: '192.0.2.1', ...more };
}

function remember(registered: PreparedCaller): void {
  directory.replace([registered]);
  headers.remember(presented(), { caller: registered.caller, claimedId: 'orders' }, directory.generation);
}

describe('proven headers', () => {
  beforeEach(() => {
    clock = new FakeClock();
    directory = new CallerDirectory(new ConfiguredIssuers());
    headers = new ProvenHeaders(directory, clock);
  });

  it('are found again, with who they were', () => {
    const registered = orders(undefined);
    remember(registered);
    expect(headers.find(presented())).toMatchObject({ caller: registered.caller, claimedId: 'orders' });
    expect(headers.find(presented({ source: '198.51.100.7', tokenUnderTest: 'x' }))).toBeDefined();
  });

  it.each([
    ['another header', { authorization: [`${header} `] }],
    ['the same in other letters', { authorization: [header.toLowerCase()] }],
    ['two headers', { authorization: [header, header] }],
    ['no header', { authorization: [] }],
    ['a client_id beside it', { form: { clientId: 'orders' } }],
    ['a secret beside it', { form: { clientSecret: 'x' } }],
    ['an assertion beside it', { form: { clientAssertion: 'x' } }],
    ['a type of assertion beside it', { form: { clientAssertionType: 'x' } }],
    ['a header longer than any', { authorization: [header + '='.repeat(5000)] }],
  ])('do not vouch for %s', (_what, more) => {
    remember(orders(undefined));
    expect(headers.find(presented(more))).toBeUndefined();
  });

  it('are worth nothing after the callers were replaced, even by the same ones', () => {
    const registered = orders(undefined);
    remember(registered);
    directory.replace([registered]);
    expect(headers.find(presented())).toBeUndefined();
  });

  it('are not remembered when the callers were replaced while they were proven', () => {
    const registered = orders(undefined);
    directory.replace([registered]);
    const { generation } = directory;
    directory.replace([registered]);
    headers.remember(presented(), { caller: registered.caller, claimedId: 'orders' }, generation);
    expect(headers.find(presented())).toBeUndefined();
  });

  it('I-08 are worth nothing from the moment on at which any secret of their caller expires', async () => {
    remember(orders(clock.wallMs() + 60_000, clock.wallMs() + 1_000, undefined));
    await clock.advance(999);
    expect(headers.find(presented())).toBeDefined();
    await clock.advance(1);
    expect(headers.find(presented())).toBeUndefined();
  });

  it('are not remembered of a caller without secrets', () => {
    const registered = { ...orders(undefined), secrets: undefined };
    remember(registered);
    expect(headers.find(presented())).toBeUndefined();
  });

  it('I-10 hold neither the header nor what is in it', () => {
    remember(orders(undefined));
    const held = inspect(headers, { depth: null, showHidden: true });
    expect(held).not.toContain(header.slice(6));
    expect(held).not.toContain('orders-secret');
  });
});
