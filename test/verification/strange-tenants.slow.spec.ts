import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { VerdictRecorder } from '../../src/introspection/verdicts/verdict-recorder.js';
import { SystemClock } from '../../src/shared/clock.js';
import { Telemetry } from '../../src/telemetry/telemetry.js';
import { TrustedProxies } from '../../src/transport/trusted-proxies.js';
import { HttpConventions } from '../../src/transport/http/http-conventions.js';
import { RequestObserver } from '../../src/transport/request-observer.js';
import { aKey } from '../builders/a-key.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { RecordingAudit } from '../fakes/recording-audit.js';
import { issuerAt } from '../keys/support/key-world.js';
import { Scraped } from '../telemetry/support/scraped.js';
import { NameWorld, reader } from './support/name-world.js';

const TOKENS = 100_000;
const [prefix, suffix] = ['https://login.microsoftonline.com/', '/v2.0'];

/** Somebody who can open tenants at a provider, or only make up their names, makes us count, and nothing else. */
it('a hundred thousand tenants that are not ours cost no fetch, no memory and no time series', async () => {
  await using fake = await FakeIssuer.start();
  const tenants = new Set([randomUUID()]);
  const template = { prefix, suffix, class: 'guid', tenants } as const;
  using world = new NameWorld(issuerAt(fake, { id: 'entra', issuer: `${prefix}{tenant}${suffix}`, template }));
  const clock = new SystemClock();
  const [telemetry, audit, caller, key] = [Telemetry.local(clock), new RecordingAudit(), reader('entra'), aKey()];
  const ignored = (): void => undefined;
  const logger = { debug: ignored, info: ignored, warn: ignored, error: ignored };
  const recorder = new VerdictRecorder({ logger, audit, clock }, world.keys.issuers);
  const observer = new RequestObserver({ clock, telemetry, trusted: new TrustedProxies([]) });
  const convention = new HttpConventions(telemetry.metrics, 'http').of('POST', '/introspect', 1);
  const place = randomUUID();
  // The signature of the first is not that of the others: nobody looks so far.
  const token = world.token(key, { iss: `${prefix}${place}${suffix}`, tid: place });
  const [header, payload = '', signature] = token.split('.');
  const claims = Buffer.from(payload, 'base64url').toString();
  const ask = async (): Promise<void> => {
    const strange = Buffer.from(claims.replaceAll(place, randomUUID())).toString('base64url');
    const result = await world.introspect([header, strange, signature].join('.'), caller);
    if (result.active) throw new Error('a strange tenant was accepted');
    const report = observer.begin('introspect', {}, '127.0.0.1', convention, randomUUID());
    report.authenticated(caller);
    report.rejected(result.rejection);
    recorder.refused('introspect', caller, result.rejection, report);
    report.end(200);
  };
  const series = async (): Promise<readonly string[]> => new Scraped(await telemetry.reader.scrape()).names;

  await ask();
  const before = await series();
  for (let i = 1; i < TOKENS; i++) await ask();
  recorder.stop();

  expect(await series()).toEqual(before);
  expect(fake.keySetRequests).toBe(0);
  expect(world.memory.usage().entries).toBe(0);
  expect(audit.records).toMatchObject([{ fields: { reason: 'issuer_unknown', count: TOKENS } }]);
  expect(world.keys.events.all).toEqual([]);
});
