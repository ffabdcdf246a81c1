import { describe, expect, it } from 'vitest';
import { anIssuer } from '../../test/builders/an-issuer.js';
import { ConfiguredIssuers } from './configured-issuers.js';
import type { IssuerChange } from './issuer-registry.js';

const corp = anIssuer({ id: 'corp', issuer: 'https://login.corp.example', keySourceFingerprint: 'corp-1' });
const partner = anIssuer({ id: 'partner', issuer: 'https://partner.example/t', keySourceFingerprint: 'partner-1' });

function registered(...issuers: Parameters<ConfiguredIssuers['replace']>[0]): ConfiguredIssuers {
  const registry = new ConfiguredIssuers();
  registry.replace(issuers);
  return registry;
}

describe('ConfiguredIssuers', () => {
  it('finds an issuer by its exact identifier and by its id', () => {
    const registry = registered(corp, partner);

    expect(registry.find('https://partner.example/t')).toBe(partner);
    expect(registry.byId('corp')).toBe(corp);
    expect(registry.all()).toEqual([corp, partner]);
  });

  it.each([
    'https://login.corp.example/',
    'https://LOGIN.corp.example',
    'https://login.corp.example ',
    'https://login.corp.example.evil.example',
    'http://login.corp.example',
    'https://login.corp.example:443',
    '',
    '__proto__',
    'constructor',
  ])('B-17 finds nothing for %j', (iss) => {
    expect(registered(corp).find(iss)).toBeUndefined();
  });

  it('knows an issuer by its place until the next change, whatever that changes', () => {
    const issuers = new ConfiguredIssuers();
    const [one, other] = [anIssuer({ id: 'one', issuer: 'https://one.example' }), anIssuer()];
    issuers.replace([one, other]);
    const places = [issuers.placeOf(one), issuers.placeOf(other)];
    expect(places.map((place) => issuers.at(place))).toEqual([one, other]);
    expect(issuers.at(0)).toBeUndefined();
    issuers.replace([other]);
    expect(places.map((place) => issuers.at(place))).toEqual([undefined, undefined]);
    expect(issuers.at(issuers.placeOf(other))).toBe(other);
    expect(issuers.placeOf(one)).toBe(0);
  });

  it('forgets a removed issuer in the same tick', () => {
    const registry = registered(corp, partner);

    registry.replace([partner]);

    expect(registry.find(corp.issuer)).toBeUndefined();
    expect(registry.byId('corp')).toBeUndefined();
  });

  it('tells its listeners before replace returns, and shows them the new state', () => {
    const registry = registered(corp);
    const seen: { change: IssuerChange; ids: readonly string[] }[] = [];
    registry.onChange((change) => seen.push({ change, ids: registry.all().map(({ id }) => id) }));

    registry.replace([partner]);

    expect(seen).toEqual([{ change: { added: [partner], removed: [corp] }, ids: ['partner'] }]);
  });

  it('counts an issuer whose key source changed as removed and added', () => {
    const registry = registered(corp);
    const moved = { ...corp, keySourceFingerprint: 'corp-2' };
    const changes: IssuerChange[] = [];
    registry.onChange((change) => changes.push(change));

    registry.replace([moved]);

    expect(changes).toEqual([{ added: [moved], removed: [corp] }]);
  });

  it('takes other settings over without touching the keys', () => {
    const registry = registered(corp);
    const stricter = { ...corp, tokenTypes: new Set(['at+jwt']) };
    const changes: IssuerChange[] = [];
    registry.onChange((change) => changes.push(change));

    registry.replace([stricter]);

    expect(changes).toEqual([{ added: [], removed: [] }]);
    expect(registry.find(corp.issuer)).toBe(stricter);
  });
});
