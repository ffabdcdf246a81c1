import { describe, expect, it } from 'vitest';
import { aCaller, prepared, type Registration } from '../../../test/callers/reception.js';
import { basicChallenge, bearerChallenge } from '../credentials/authentication-failure.js';
import { CallerDirectory } from './caller-directory.js';

const secrets = ['correct-horse-battery-staple'];
const token = { issuer: 'k8s', subject: 'orders', audience: 'https://assay.example.com' };
const certificate = { sanDns: 'orders.example' };

function directoryOf(...registrations: readonly Registration[]): CallerDirectory {
  const directory = new CallerDirectory();
  directory.replace(prepared(registrations.map(aCaller)));
  return directory;
}

describe('CallerDirectory', () => {
  it('knows exactly the callers that it was given last', () => {
    const directory = directoryOf({ id: 'a', secrets }, { id: 'b', secrets });
    directory.replace(prepared([aCaller({ id: 'c', secrets })]));
    expect([directory.size, directory.byId('a'), directory.byId('c')?.caller.id]).toEqual([1, undefined, 'c']);
    expect(directory.byId('__proto__')).toBeUndefined();
  });

  it.each<[string, readonly Registration[], readonly string[]]>([
    ['nobody', [], [basicChallenge]],
    ['secrets', [{ secrets }], [basicChallenge]],
    ['certificates', [{ certificate }], [basicChallenge]],
    ['bearer tokens', [{ token }], [bearerChallenge]],
    ['both', [{ token }, { id: 'b', secrets }], [basicChallenge, bearerChallenge]],
  ])('challenges with the schemes of its callers: %s', (_what, registrations, challenges) => {
    expect(directoryOf(...registrations).challenges).toEqual(challenges);
  });
});
