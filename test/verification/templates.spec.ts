import { describe, expect, it } from 'vitest';
import { VerdictRecorder } from '../../src/introspection/verdicts/verdict-recorder.js';
import { LatestAnswers } from '../../src/keys/events/latest-answers.js';
import { observeKeys } from '../../src/keys/observe-keys.js';
import { SystemClock } from '../../src/shared/clock.js';
import { Telemetry } from '../../src/telemetry/telemetry.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { RecordingAudit } from '../fakes/recording-audit.js';
import { RecordingLogger } from '../fakes/recording-logger.js';
import { issuerAt } from '../keys/support/key-world.js';
import { Scraped } from '../telemetry/support/scraped.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import type { IssuerTemplate } from '../../src/issuers/issuer-template.js';
import { metadataIssuersOf } from '../../src/issuers/metadata-issuers.js';
import { tenantOf } from '../../src/issuers/subject-scope.js';
import { NarrowedPolicy } from '../../src/issuers/narrowed-policy.js';
import { sameTenant } from '../../src/issuers/same-tenant.js';
import { aKey, type TestKey } from '../builders/a-key.js';
import { anIssuer } from '../builders/an-issuer.js';
import { NameWorld, reader } from './support/name-world.js';
import { issuerOf } from './support/remembering.js';

const ours = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
const others = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const consumers = '9188040d-6c67-4c5b-b112-36a304b66dad';
const [prefix, suffix] = ['https://login.microsoftonline.com/', '/v2.0'];
const nameOf = (tenant: string): string => `${prefix}${tenant}${suffix}`;
const caller = reader('entra');

const key = aKey();
const scoped = (scope: string | undefined, of = key): TestKey => ({
  ...of,
  jwk: { ...of.jwk, ...(scope === undefined ? {} : { issuer: scope }) },
});
const forAll = scoped(nameOf('{tenantid}'));

function entra(keys: readonly TestKey[], tenants: readonly string[] | 'any', differences: Partial<Issuer> = {}) {
  const issuer = nameOf('{tenant}');
  const list: IssuerTemplate['tenants'] = tenants === 'any' ? 'any' : new Set(tenants);
  const template = { prefix, suffix, class: 'guid' as const, tenants: list };
  const policy = new NarrowedPolicy(anIssuer().policy, [sameTenant('tid', (claims) => tenantOf({ template }, claims))]);
  const metadataIssuers = metadataIssuersOf(issuer);
  return issuerOf(keys, { id: 'entra', issuer, template, policy, metadataIssuers, ...differences });
}

function verdict(world: NameWorld, iss: string, tid: unknown = ours, by: TestKey = key): Promise<string> {
  return world.ask(world.token(by, { iss, ...(tid === undefined ? {} : { tid: tid as string }) }), caller);
}

describe('an issuer of many tenants that share their keys', () => {
  it('accepts its tenants, each under its own name, and nobody else', async () => {
    using world = new NameWorld(entra([forAll], [ours, others]));
    expect(await verdict(world, nameOf(ours), ours)).toBe('entra');
    expect(await verdict(world, nameOf(others), others)).toBe('entra');
    expect(await verdict(world, nameOf(consumers), consumers)).toBe('issuer_unknown');
  });

  it.each([
    ['a slash', `${ours}/x`],
    ['two slashes', `/${ours}`],
    ['upper case', ours.toUpperCase()],
    ['a percent', ours.replace('8', '%38')],
    ['a dot', `${ours}.`],
    ['dots', '..'],
    ['a port', `${ours}:443`],
    ['braces', '{tenantid}'],
    ['the placeholder', '{tenant}'],
    ['nothing', ''],
    ['white space', ` ${ours}`],
    ['a line end', `${ours}\n`],
    ['no GUID', 'common'],
    ['a GUID too long', `${ours}0`],
    ['a query', `${ours}?x=`],
    ['a fragment', `${ours}#`],
    ['another script', ours.replace('a', 'а')],
  ])('refuses %s where the tenant should be, even of all tenants', async (_name, tenant) => {
    using world = new NameWorld(entra([forAll], 'any'));
    expect(await verdict(world, nameOf(tenant), tenant)).toBe('issuer_unknown');
    expect(await verdict(world, nameOf(ours), ours)).toBe('entra');
  });

  it.each([
    ['absent', undefined],
    ['of another tenant', others],
    ['in upper case', ours.toUpperCase()],
    ['no text', [ours]],
    ['empty', ''],
  ])('refuses a token whose tid is %s', async (_name, tid) => {
    using world = new NameWorld(entra([forAll], 'any'));
    const token = world.token(key, { iss: nameOf(ours), ...(tid === undefined ? {} : { tid: tid as string }) });
    expect(await world.ask(token, caller)).toBe('tenant_mismatch of entra');
  });

  it.each([
    ['for all tenants', nameOf('{tenantid}'), 'entra'],
    ['for all tenants, in other letters', nameOf('{TenantId}'), 'entra'],
    ['for this tenant', nameOf(ours), 'entra'],
    ['for the tenant of consumers', nameOf(consumers), 'key_unknown of entra'],
    ['for nobody that it names', undefined, 'key_unknown of entra'],
    ['for another cloud', 'https://login.microsoftonline.us/{tenantid}/v2.0', 'key_unknown of entra'],
    ['for what is no URL', '{tenantid}', 'key_unknown of entra'],
  ])('takes a key %s as what it says: %s', async (_name, scope, expected) => {
    using world = new NameWorld(entra([scoped(scope)], 'any'));
    expect(await verdict(world, nameOf(ours), ours)).toBe(expected);
  });

  it('remembers of a token neither its tenant nor its registration', async () => {
    const registration = entra([forAll], [ours]);
    using world = new NameWorld(registration);
    const token = world.token(key, { iss: nameOf(ours), tid: ours });
    expect([await world.ask(token, caller), await world.ask(token, caller)]).toEqual(['entra', 'entra']);
    world.keys.issuers.replace([entra([forAll], [others])]);
    expect(await world.ask(token, caller)).toBe('issuer_unknown');
  });

  it('leaves a tenant that is registered by itself to that registration', async () => {
    const own = aKey();
    const exact = issuerOf([own], { id: 'corp', issuer: nameOf(ours), keySourceFingerprint: 'own' });
    using world = new NameWorld(entra([forAll], 'any'), exact);
    const both = reader('entra', 'corp');
    expect(await world.ask(world.token(own, { iss: nameOf(ours) }), both)).toBe('corp');
    expect(await world.ask(world.token(key, { iss: nameOf(ours), tid: ours }), both)).toBe('key_unknown of corp');
    expect(await world.ask(world.token(key, { iss: nameOf(others), tid: others }), both)).toBe('entra');
  });
});

describe('an issuer of many tenants of which each has its own keys', () => {
  const realm = (name: string): string => `https://sso.corp.example/realms/${name}`;
  const tenant = (fake: FakeIssuer, name: string): Issuer =>
    issuerAt(fake, { id: `kc~${name}`, issuer: realm(name), tenantOf: { registration: 'kc', tenant: name } });

  it('lets each speak for itself alone, asks nobody for others, and is one registration to callers', async () => {
    await using red = await FakeIssuer.start();
    await using blue = await FakeIssuer.start();
    using world = new NameWorld(tenant(red, 'red'), tenant(blue, 'blue'));
    const kc = reader('kc');
    expect(await world.ask(world.token(red.key, { iss: realm('red') }), kc)).toBe('kc~red');
    expect(await world.ask(world.token(blue.key, { iss: realm('blue') }), kc)).toBe('kc~blue');
    expect(await world.ask(world.token(red.key, { iss: realm('green') }), kc)).toBe('issuer_unknown');
    expect([red.keySetRequests, blue.keySetRequests]).toEqual([1, 1]);
    red.publishDocument({ keys: [{ ...red.key.publicJwk, kid: blue.key.kid }] });
    const forged = world.token({ ...red.key, kid: blue.key.kid }, { iss: realm('blue') });
    expect(await world.ask(forged, kc)).toBe('signature_invalid of kc~blue');
    expect(
      await world.answer(world.token(red.key, { iss: realm('red') }), { ...kc, readsIssuerId: true }),
    ).toMatchObject({ iss: realm('red'), assay_issuer: 'kc' });
  });

  it('leaves a tenant that is registered by itself to that registration, although it lists it', async () => {
    await using red = await FakeIssuer.start();
    const own = aKey();
    const exact = issuerOf([own], { id: 'corp', issuer: realm('red'), keySourceFingerprint: 'own' });
    using world = new NameWorld(tenant(red, 'red'), exact);
    const both = reader('kc', 'corp');
    expect(await world.ask(world.token(own, { iss: realm('red') }), both)).toBe('corp');
    expect(await world.ask(world.token(red.key, { iss: realm('red') }), both)).toBe('key_unknown of corp');
  });

  it('is one line in each metric, and has its tenants in the audit trail', async () => {
    await using red = await FakeIssuer.start();
    await using blue = await FakeIssuer.start();
    using world = new NameWorld(tenant(red, 'red'), tenant(blue, 'blue'));
    await world.ask(world.token(red.key, { iss: realm('red') }), reader('kc'));
    const telemetry = Telemetry.local(new SystemClock());
    const { issuers, keys } = world.keys;
    observeKeys(telemetry.metrics, {
      sides: [{ issuers, keys }],
      answers: new LatestAnswers(),
      deniedOf: () => 1,
      region: '',
    });
    const scraped = new Scraped(await telemetry.reader.scrape());
    expect(scraped.value('assay_jwks_state', { issuer: 'kc', state: 'COLD' })).toBe(1);
    expect(scraped.value('assay_jwks_keys', { issuer: 'kc', state: 'active' })).toBe(1);
    expect(scraped.value('assay_jwks_keys', { issuer: 'kc', state: 'denied' })).toBe(2);
    expect([...scraped.valuesOf('issuer')]).toEqual(['kc']);

    const audit = new RecordingAudit();
    const recorder = new VerdictRecorder({ logger: new RecordingLogger(), audit, clock: new SystemClock() }, issuers);
    const expired = world.token(red.key, { iss: realm('red'), exp: 1 });
    const refused = await world.introspect(expired, reader('kc'));
    if (refused.active) throw new Error('the token is not expired');
    recorder.refused('introspect', reader('kc'), refused.rejection, { requestId: 'r' });
    expect(audit.records).toMatchObject([{ fields: { issuer: 'kc', tenant: 'red', reason: 'expired' } }]);
  });
});
