import { symlink } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { IssuerNetworkSection } from '../../src/issuers/issuer-network.config.js';
import { fieldsOf } from '../../src/shared/configuration/field.js';
import { grantableSettings } from '../../src/shared/configuration/owner-rights.js';
import { aConfiguration, type RawSection } from './support/a-configuration.js';
import { configured, type FollowedConfiguration } from './support/followed-configuration.js';
import { IncludingConfiguration, team, terms } from './support/including-configuration.js';

const shop = {
  files: 'issuers.d/shop*.yaml',
  idPrefix: 'shop-',
  issuers: ['https://login.shop.example', 'https://sso.example/realms/shop/', 'shop-by-name'],
};
const callers = { issuers: ['corp'], audiences: ['https://api.shop.example'], claims: ['sub', 'address'] };
const secret = { secrets: ['${file:issuers.d/secret}'] };
const asking = { ...secret, issuers: ['shop-one'], audiences: ['https://api.shop.example'], claims: ['sub'] };

const ofCaller = (members: RawSection): string => stringify({ callers: { 'shop-api': { ...asking, ...members } } });
const ofIssuer = (members: RawSection): string => team('shop-one', 'https://login.shop.example', members);

describe('an included file with an entry of owners', () => {
  let including: IncludingConfiguration;
  let followed: FollowedConfiguration;

  beforeEach(async () => {
    including = await IncludingConfiguration.create();
    followed = including.followed;
    await followed.directory.write('issuers.d/secret', 'Wq7Zt3Lm9XcVb5NhTy2KPf4GWq7Zt3Lm9XcVb5NhTy2KPf4G');
    await followed.directory.write('elsewhere', 'Wq7Zt3Lm9XcVb5NhTy2KPf4GWq7Zt3Lm9XcVb5NhTy2KPf4H');
  });

  afterEach(async () => {
    await followed.remove();
  });

  async function start(owner: RawSection, text: string): Promise<void> {
    await own(owner);
    await including.write('shop', text);
    await including.start();
  }

  const own = (owner: RawSection) =>
    followed.directory.configure({ ...aConfiguration(), include: 'issuers.d/*.yaml', owners: [{ ...shop, ...owner }] });

  it.each([
    'https://login.shop.example',
    'https://login.shop.example/',
    'https://login.shop.example/eu/1',
    'https://sso.example/realms/shop',
    'https://sso.example/realms/shop/eu',
  ])('registers %s', async (issuer) => {
    await start({}, team('shop-one', issuer));
    expect(including.problems).toEqual([]);
  });

  it.each([
    'https://login.shop.example.evil',
    'https://login.shop.example:8443',
    'http://login.shop.example',
    'https://login.shop.example@evil.example',
    'https://login.shop.examples',
    'https://sso.example/realms/shopping',
    'https://sso.example/realms/shop/../corp',
    'https://sso.example/realms/shop/%2e%2e/corp',
    'https://sso.example/realms/shop/..%2fcorp',
    'https://sso.example/realms',
    'https://login.corp.example',
    'shop-by-name-2',
  ])('does not register %s', async (issuer) => {
    await start({}, team('shop-one', issuer, { keys: { jwksUri: 'https://login.shop.example/jwks' } }));
    expect(including.states).toEqual({ shop: 'refused' });
    expect(including.problems).toContainEqual(
      expect.objectContaining({
        path: 'issuers.shop-one.issuer',
        found: 'an issuer that this file was not granted',
      }),
    );
  });

  it.each([
    ['an id of another team', team('corp-two', 'https://login.shop.example'), 'issuers.corp-two.id'],
    [
      'a template beyond',
      ofIssuer({
        issuer: 'https://sso.example/realms/{tenant}',
        template: { tenants: ['shop'], class: 'name', keys: 'perTenant' },
      }),
      'issuers.shop-one.issuer',
    ],
    [
      'a trust domain',
      stringify({
        issuers: { 'shop-one': { ...terms, spiffe: { trustDomain: 'corp', bundle: { url: 'https://b.example/b' } } } },
      }),
      'issuers.shop-one.spiffe.trustDomain',
    ],
    ['private addresses', ofIssuer({ network: { allowPrivate: true } }), 'issuers.shop-one.network.allowPrivate'],
    ['a proxy', ofIssuer({ network: { proxyUrl: 'http://p.example' } }), 'issuers.shop-one.network.proxyUrl'],
    ['authorities', ofIssuer({ network: { caFile: 'issuers.d/secret' } }), 'issuers.shop-one.network.caFile'],
    [
      'authorities of an API server',
      ofIssuer({
        opaque: { tokenReview: { server: 'https://k.example', caFile: 'issuers.d/secret' }, recheck: '60s' },
      }),
      'issuers.shop-one.opaque.tokenReview.caFile',
    ],
    ['readiness', ofIssuer({ criticality: 'critical' }), 'issuers.shop-one.criticality'],
    ['the environment', ofIssuer({ defaultClientId: '${env:HOME}' }), 'issuers.shop-one.defaultClientId'],
    ['a file elsewhere', ofIssuer({ defaultClientId: '${file:elsewhere}' }), 'issuers.shop-one.defaultClientId'],
    ['a key file elsewhere', ofIssuer({ keys: { pemFile: 'elsewhere' } }), 'issuers.shop-one.keys.pemFile'],
    [
      'a link to elsewhere',
      ofIssuer({ defaultClientId: '${file:issuers.d/link}' }),
      'issuers.shop-one.defaultClientId',
    ],
    ['any caller', ofCaller({}), 'callers.shop-api'],
  ])('does not grant %s by itself', async (_name, text, path) => {
    await symlink('../elsewhere', followed.directory.at('issuers.d/link'));
    await start({}, text);
    expect(including.states).toEqual({ shop: 'refused' });
    expect(including.problems).toContainEqual(expect.objectContaining({ path }));
  });

  it.each([
    ['all issuers', { issuers: 'any' }, 'callers.shop-api.issuers'],
    ['an issuer of others', { issuers: ['other'] }, 'callers.shop-api.issuers[0]'],
    ['all audiences', { audiences: 'any' }, 'callers.shop-api.audiences'],
    ['an audience of others', { audiences: ['https://api.corp.example'] }, 'callers.shop-api.audiences[0]'],
    ['all claims', { claims: 'any' }, 'callers.shop-api.claims'],
    ['another claim', { claims: ['email'] }, 'callers.shop-api.claims[0]'],
    ['a member of another claim', { claims: [['act', 'sub']] }, 'callers.shop-api.claims[0]'],
    ['the right to end tokens', { revoke: 'own' }, 'callers.shop-api.revoke'],
    ['no proof of who asks', { proxy: true, secrets: undefined }, 'callers.shop-api.proxy'],
    [
      'private addresses',
      { secrets: undefined, privateKeyJwt: { jwksUri: 'https://s.example/j', network: { allowPrivate: true } } },
      'callers.shop-api.privateKeyJwt.network.allowPrivate',
    ],
  ])('does not give a caller %s', async (_name, members, path) => {
    await start({ callers }, ofCaller(members));
    expect(including.states).toEqual({ shop: 'refused' });
    expect(including.problems).toContainEqual(expect.objectContaining({ path }));
  });

  it('gives a caller what is granted, and its own issuers', async () => {
    const text = ofCaller({ issuers: ['corp', 'shop-one'], claims: ['sub', ['address', 'country']] });
    await start({ callers }, text);
    expect(including.problems).toEqual([]);
    expect(followed.inForce.at(-1)?.callers.map(({ id }) => id)).toEqual(['orders-api', 'shop-api']);
  });

  it('may use the settings, directories and variables that are granted', async () => {
    const granted = { settings: ['network.allowPrivate', 'criticality'], directories: ['.'], environment: ['SHOP'] };
    const said = { criticality: 'critical', network: { allowPrivate: true }, defaultClientId: '${file:elsewhere}' };
    await start(granted, ofIssuer(said));
    expect(including.problems).toEqual([]);
  });

  it('may say nothing where no entry names it, and everything where one trusts it', async () => {
    await own({ files: 'issuers.d/other.yaml' });
    await including.write('shop', ofIssuer({}));
    await including.start();
    expect(including.states).toEqual({ shop: 'refused' });
    await own({ trusted: true });
    await followed.attempts(1);
    expect(including.states).toEqual({ shop: 'current' });
  });

  it('loses at once what it is granted no longer, its last good version included', async () => {
    await start({ directories: ['.'] }, ofIssuer({ defaultClientId: '${file:elsewhere}' }));
    expect(including.states).toEqual({ shop: 'current' });
    await own({});
    await followed.attempts(1);
    expect(including.states).toEqual({ shop: 'refused' });
    expect(followed.issuerIds).toEqual(['corp']);
  });

  it('keeps its rights where it cannot be read: its last good version has no more', async () => {
    await start({}, ofIssuer({}));
    await including.write('shop', 'issuers: [');
    await followed.attempts(1);
    expect(including.states).toEqual({ shop: 'last_good' });
    await own({ issuers: ['https://other.example'] });
    await followed.attempts(2);
    expect(including.states).toEqual({ shop: 'refused' });
  });

  it('has every setting of the network that can be granted, or is harmless', () => {
    const names = [...fieldsOf(IssuerNetworkSection).keys()].filter((name) => name !== 'followRedirects');
    expect(grantableSettings).toEqual(expect.arrayContaining(names.map((name) => `network.${name}`)));
  });

  it('is warned of where there are no owners: absence is never a silent permission', async () => {
    await followed.directory.configure({ ...aConfiguration(), include: 'issuers.d/*.yaml' });
    await including.write('shop', ofIssuer({}));
    await including.start();
    expect(followed.logger.lines).toContainEqual(
      expect.objectContaining({
        sentence: 'configuration warning',
        fields: expect.objectContaining({ path: 'include', found: expect.stringContaining('no owners') }),
      }),
    );
  });

  it.each([
    [{ idPrefix: undefined }, 'owners[0].idPrefix'],
    [{ idPrefix: 'shop' }, 'owners[0].idPrefix'],
    [{ issuers: ['https://*.shop.example'] }, 'owners[0].issuers[0]'],
    [{ issuers: ['https://'] }, 'owners[0].issuers[0]'],
    [{ settings: ['network.everything'] }, 'owners[0].settings[0]'],
  ])('is no entry: %j', async (members, path) => {
    await own(members);
    await expect(followed.start()).rejects.toMatchObject({ problems: [{ path }] });
  });

  it('may let its own issuer name any audience; a caller of any issuer, whom that could deceive, is a warning', async () => {
    const anyIssuer = configured(({ callers: [caller] }) => void Object.assign(caller!, { issuers: 'any' }));
    const warnings = () => followed.logger.lines.filter(({ sentence }) => sentence === 'configuration warning');
    await followed.directory.configure({ ...anyIssuer, include: 'issuers.d/*.yaml', owners: [shop] });
    await including.write('shop', ofIssuer({ audiences: 'any' }));
    await including.start();
    expect(including.problems).toEqual([]);
    expect(warnings().map(({ fields }) => fields)).toMatchObject([
      { path: 'callers[0].issuers', found: 'any, where included files register issuers' },
    ]);
  });
});
