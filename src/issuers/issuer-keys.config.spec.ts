import { describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../test/builders/recorded-problems.js';
import { FileText, unreadable } from '../shared/configuration/field.js';
import { readSection } from '../shared/configuration/read-section.js';
import { IssuerKeysSection, prepareKeyLocation } from './issuer-keys.config.js';

const url = 'https://internal.example/metadata';

/** What `keys` leads to, or what is found wrong with it. */
function locationOf(keys: object): unknown {
  const recorded = new RecordedProblems();
  const place = recorded.place('keys');
  const reading = { file: () => new FileText('', ''), isSubstituted: () => false, isDemo: false };
  const section = readSection(IssuerKeysSection, keys, place, reading);
  if (section === unreadable) return recorded.problems;
  const location = prepareKeyLocation({
    keys: section,
    place,
    network: { allowPrivate: false },
    algorithms: [],
    nowMs: 0,
  });
  return location ?? recorded.problems;
}

describe('the place of the keys of an issuer', () => {
  it('is found by whatever metadata there is where only its URL is given', () => {
    const found = { kind: 'discovery', mode: 'auto', url, jwksHosts: ['keys.example'] };
    expect(locationOf({ discoveryUrl: url, jwksHosts: ['KEYS.example'] })).toEqual(found);
  });

  it('is found as discovery says where both are given', () => {
    expect(locationOf({ discovery: 'oidc', discoveryUrl: url })).toMatchObject({ mode: 'oidc', url });
  });

  it.each([
    [{ jwksUri: url, discoveryUrl: url }, 'keys.discoveryUrl'],
    [{ jwksUri: url, jwksHosts: ['x.example'] }, 'keys.jwksHosts'],
    [{ jwksHosts: ['x.example'] }, 'keys'],
    [{ discovery: 'auto', jwksUri: url }, 'keys'],
    [{ discoveryUrl: 'http://internal.example/' }, 'keys.discoveryUrl'],
    [{ pemMapUri: 'http://internal.example/' }, 'keys.pemMapUri'],
    [{ pemMapUri: url, jwksUri: url }, 'keys'],
    [{ pemUri: 'https://public-keys.auth.elb.eu-central-1.amazonaws.com/{kid}' }, 'keys.pemUri'],
    [{ pemMapUri: `${url}/{kid}` }, 'keys.pemMapUri'],
    [{ jwksUri: 'https://public-keys.auth.elb.eu-central-1.amazonaws.com/' }, 'keys.jwksUri'],
  ])('is refused for %j', (keys, path) => {
    expect(locationOf(keys)).toEqual(expect.arrayContaining([expect.objectContaining({ path })]));
  });
});
