import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Place } from '../../src/shared/configuration/place.js';
import { noPause } from '../../src/shared/pause.js';
import { signalsSection } from '../../src/signals/signals.section.js';
import { aConfiguration, type RawSection } from '../config/support/a-configuration.js';
import { Directory } from '../config/support/directory.js';
import { load } from '../config/support/load.js';

const secret = 'Zx81-spectrum-QL-sinclair-0193';
const token = { clientId: 'assay', secret, tokenUrl: 'https://login.example/token' };
const poll = { url: 'https://login.example/poll', token };
const told = { id: 'corp-ssf', issuer: 'corp', audience: 'https://assay.example.com' };

describe('a stream of security events in the section signals', () => {
  let directory: Directory;

  beforeAll(async () => {
    directory = await Directory.create();
  });
  afterAll(() => directory.remove());

  const prepared = async (signal: RawSection) => {
    await directory.configure({ ...aConfiguration(), signals: [{ ...told, ...signal }] });
    const { configuration } = await load(directory.file);
    const said: string[] = [];
    const say = ({ path, found, expected }: { path: string; found: string; expected: string }): void =>
      void said.push(`${path}: ${found}; ${expected}`);
    const place = new Place({ report: say, warn: say });
    const sectionOf = (): never => {
      throw new Error('nothing else is needed');
    };
    const signals = await signalsSection.prepare(configuration.signals, { place, nowMs: 0, pause: noPause, sectionOf });
    return { said, stream: signals[0]?.stream };
  };

  it('has safe settings where it says no more than it must', async () => {
    const { said, stream } = await prepared({ push: { secret } });
    expect(said).toEqual([]);
    expect(stream).toMatchObject({
      audience: told.audience,
      opaqueIs: undefined,
      narrowEvents: undefined,
      emailClaim: undefined,
      signalHosts: [],
      actions: {
        session_revoked: 'revoke',
        claims_change: 'ignore',
        credential_change: 'ignore',
        account_disabled: 'revoke',
        account_purged: 'revoke',
        credential_change_required: 'revoke',
      },
    });
  });

  it('may be polled, and asked whether it is alive', async () => {
    const transmitter = 'https://login.example/realms/a';
    const { said, stream } = await prepared({ poll, transmitter, streamId: 's', verifyEvery: '5m', opaqueIs: 'sid' });
    expect(said).toEqual([]);
    expect(stream).toMatchObject({ poll: { url: poll.url, everyMs: 2_000 }, verifyMs: 300_000, opaqueIs: 'sid' });
  });

  it('that cannot be asked is told so, and runs', async () => {
    const { said, stream } = await prepared({ push: { secret }, verifyEvery: '5m' });
    expect(said).toEqual([expect.stringMatching(/verifyEvery: a stream that cannot be asked; transmitter, streamId/)]);
    expect(stream?.verifyMs).toBeUndefined();
  });

  it.each<[string, RawSection, RegExp]>([
    ['two ways', { push: { secret }, poll }, /poll: push as well/],
    ['no audience', { push: { secret }, audience: undefined }, /audience: nothing/],
    ['a secret that is short', { push: { secret: 'short' } }, /push\.secret: a secret of 5 characters/],
    ['a secret that no header can have', { push: { secret: 'with a space in it' } }, /push\.secret: a secret of 18/],
    ['no token for a poll', { poll: { url: poll.url } }, /poll: not exactly one of accessToken and token/],
    ['two tokens for a poll', { poll: { ...poll, accessToken: 'abcdefgh' } }, /poll: not exactly one/],
    ['a URL of plain http', { poll: { ...poll, url: 'http://login.example/poll' } }, /poll\.url: not an https URL/],
    ['a transmitter that is no URL', { push: { secret }, transmitter: 'corp' }, /transmitter: not an absolute URL/],
    [
      'settings of a stream that never comes',
      { backchannelLogout: { audience: 'a' }, opaqueIs: 'sid' },
      /opaqueIs: neither push nor poll/,
    ],
  ])('with %s is refused, and the place is named', async (_, signal, expected) => {
    const { said } = await prepared(signal);
    expect(said.join('\n')).toMatch(expected);
    expect(said.join('\n')).not.toContain(secret);
  });
});
