import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operator, viewer, type AdminService, type FakeIssuer } from '../admin/support/admin-world.js';
import type { Section } from '../e2e/support/configuration.js';
import { eventually } from '../fakes/eventually.js';
import { byName, bySession, RISC, securityEvent } from './support/event-world.js';
import type { FakeTransmitter } from './support/fake-transmitter.js';
import { PolledStream, streamId } from './support/polled-stream.js';

describe('security events that are polled, and the health of their stream (RFC 8936)', () => {
  let world: PolledStream;
  let issuer: FakeIssuer;
  let transmitter: FakeTransmitter;
  let service: AdminService;

  beforeEach(async () => {
    world = await PolledStream.open();
    ({ issuer, transmitter } = world);
  });
  afterEach(() => world.stop());

  const start = async (more?: Section, poll?: Section): Promise<void> => {
    service = await world.start(more, poll);
  };
  const bring = async (jti: string, ...told: Parameters<typeof securityEvent>): Promise<void> => {
    const [from, what = {}] = told;
    transmitter.waiting.set(jti, await securityEvent(from, { ...what, claims: { jti, ...what.claims } }));
  };
  const isActive = async (sub: string): Promise<boolean> =>
    service.isActive(await issuer.sign({ sub, iat: Math.floor(service.clock.wallMs() / 1_000) - 60 }));
  const up = (): Promise<string | undefined> => world.up();
  const acknowledgedAre = (...ids: string[]): Promise<void> =>
    eventually(
      () => ids.every((id) => transmitter.acknowledged.includes(id)),
      () => `acknowledged: ${transmitter.acknowledged.join()}; ${service.output}`,
      10_000,
    );

  it('SSF-12 what is read has its effect, and only then is acknowledged; what is bad is reported and not asked for again', async () => {
    await bring('one', issuer, { subject: byName(issuer, 'anna') });
    await bring('two', issuer, { claims: { aud: 'https://other.example' } });
    transmitter.waiting.set('three', 'rubbish');
    await bring('four', issuer, { claims: { jti: 'another' } });
    await start();
    await acknowledgedAre('one');
    expect(await isActive('anna')).toBe(false);
    await eventually(() => transmitter.errors.size === 3);
    expect(Object.fromEntries(transmitter.errors)).toMatchObject({
      two: { err: 'invalid_audience' },
      three: { err: 'invalid_request' },
      four: { err: 'invalid_request' },
    });
    const [{ authorization, body } = { authorization: '', body: {} }] = transmitter.askedFor('poll');
    expect(authorization).toBe('Bearer a.token');
    expect(body).toEqual({ maxEvents: 100, returnImmediately: true });
    expect(await up()).toBe('1');
  });

  it('SSF-12 where there is more, it is asked for at once, and not once every period', async () => {
    transmitter.most = 1;
    for (const n of [1, 2, 3, 4]) await bring(`set ${n}`, issuer, { subject: byName(issuer, `user ${n}`) });
    await start({}, { every: '10m' });
    await eventually(() => transmitter.acknowledged.length === 3, undefined, 10_000);
    // The last one waits for the next poll to be acknowledged, and holds already.
    expect(await isActive('user 4')).toBe(false);
    expect(transmitter.askedFor('poll')).toHaveLength(4);
  });

  it('SSF-12 what is over the limit of a minute is neither acknowledged nor refused', async () => {
    for (const n of [1, 2, 3]) await bring(`set ${n}`, issuer, { subject: byName(issuer, `user ${n}`) });
    await start({ perMinute: 2 });
    await acknowledgedAre('set 1', 'set 2');
    expect([...transmitter.waiting.keys()]).toEqual(['set 3']);
    expect(transmitter.errors.size).toBe(0);
    service.clock.forward(60_000);
    await acknowledgedAre('set 3');
  });

  it('SSF-13 a transmitter that fails is asked less and less often, and the stream is not up after a minute', async () => {
    transmitter.status = 500;
    await start();
    await eventually(() => transmitter.askedFor('poll').length > 1);
    expect(service.lines.filter(({ msg }) => String(msg).startsWith('the transmitter of a stream'))).toHaveLength(1);
    service.clock.forward(50_000);
    expect(transmitter.askedFor('poll').length).toBeLessThan(10);
    service.clock.forward(20_000);
    await eventually(async () => (await up()) === '0', undefined, 10_000);
    transmitter.status = 200;
    service.clock.forward(60_000);
    await eventually(async () => (await up()) === '1', undefined, 10_000);
  });

  it.each([
    ['NONE', 1],
    ['ALL', 0],
  ])('SSF-13 a transmitter that tells about %s of its users is warned of %i times', async (subjects, times) => {
    transmitter.metadata = { ...transmitter.metadata, default_subjects: subjects };
    await start({ transmitter: issuer.issuer });
    await eventually(() => transmitter.askedFor('poll').length > 2, undefined, 10_000);
    const warnings = service.lines.filter(({ msg }) => String(msg).startsWith('the transmitter sends no events until'));
    expect(warnings.map(({ stream, level }) => [stream, level])).toEqual(Array(times).fill(['corp-ssf', 'warn']));
  });

  it('SSF-16 a token for the transmitter is asked for, kept, and asked for again when it is refused', async () => {
    const token = { clientId: 'assay', secret: 's3cret/word', tokenUrl: `${issuer.issuer}/token`, scope: 'ssf.read' };
    await start({}, { token });
    await eventually(() => transmitter.askedFor('poll').length >= 2);
    const [asked] = transmitter.askedFor('token');
    expect(asked?.body).toEqual({ grant_type: 'client_credentials', scope: 'ssf.read' });
    expect(asked?.authorization).toBe(`Basic ${Buffer.from('assay:s3cret%2Fword').toString('base64')}`);
    expect(transmitter.askedFor('token')).toHaveLength(1);
    transmitter.status = 401;
    await eventually(() => transmitter.askedFor('token').length >= 2, undefined, 10_000);
    expect(service.output).not.toContain('token.1');
  });

  it('SSF-02 a member that the transmitter calls critical is understood, or nothing is done', async () => {
    transmitter.metadata = { ...transmitter.metadata, critical_subject_members: ['device'] };
    const device = bySession('laptop');
    const subject = (sub: string) => ({
      format: 'complex',
      user: byName(issuer, sub),
      session: bySession('s'),
      device,
    });
    await bring('critical', issuer, { subject: subject('anna') });
    await bring('plain', issuer, { subject: byName(issuer, 'berta'), type: `${RISC}account-disabled` });
    await start({ transmitter: issuer.issuer, narrowEvents: 'widen' });
    await acknowledgedAre('critical', 'plain');
    expect([await isActive('anna'), await isActive('berta')]).toEqual([true, false]);
    const { text } = await service.ask('GET', '/metrics');
    expect(text).toContain('assay_signal_discarded_total{stream="corp-ssf",reason="critical_member"} 1');
  });

  it.each([
    ['of another transmitter', { issuer: 'https://shop.example' }],
    ['that leads elsewhere', { verification_endpoint: 'https://169.254.169.254/verify' }],
  ])('SSF-02 SSF-14 metadata %s is not believed: until it is read, events are not acknowledged', async (_, wrong) => {
    const good = transmitter.metadata;
    transmitter.metadata = { ...good, ...wrong };
    await bring('one', issuer, { subject: byName(issuer, 'anna') });
    await start({ transmitter: issuer.issuer });
    await eventually(() => service.output.includes('the transmitter of a stream'));
    expect([transmitter.acknowledged, transmitter.errors.size, await isActive('anna')]).toEqual([[], 0, true]);
    transmitter.metadata = good;
    service.clock.forward(60_000);
    await acknowledgedAre('one');
  });

  it('SSF-09 a stream is asked whether it is alive, and its answer must say the word that it was asked with', async () => {
    await start({ transmitter: issuer.issuer, verifyEvery: '1m' });
    await eventually(() => transmitter.askedFor('verify').length === 1, undefined, 10_000);
    const { stream_id, state } = transmitter.askedFor('verify')[0]!.body as Record<string, string>;
    expect([stream_id, state!.length]).toEqual([streamId, 22]);
    await world.bringNews('wrong', 'verification', { state: 'guessed' });
    await world.bringNews('right', 'verification', { state });
    await acknowledgedAre('right');
    await eventually(() => transmitter.errors.has('wrong'));
    expect(transmitter.errors.get('wrong')?.err).toBe('invalid_state');
    service.clock.forward(170_000);
    await eventually(async () => (await up()) === '1', undefined, 10_000);
    service.clock.forward(20_000);
    await eventually(async () => (await up()) === '0', undefined, 10_000);
    expect(service.output).toContain('"health":"silent"');
  });

  it('SSF-10 a stream that its transmitter pauses or disables is not up, and what was dropped is said from when to when', async () => {
    await start();
    await world.bringNews('paused', 'stream-updated', { status: 'paused', reason: 'maintenance' });
    await eventually(async () => (await up()) === '0', undefined, 10_000);
    await world.bringNews('disabled', 'stream-updated', { status: 'disabled' });
    await acknowledgedAre('disabled');
    await world.bringNews('enabled', 'stream-updated', { status: 'enabled' });
    await eventually(async () => (await up()) === '1', undefined, 10_000);
    const line = service.lines.find(({ msg }) => String(msg).startsWith('the transmitter had disabled the stream'));
    expect(line).toMatchObject({
      stream: 'corp-ssf',
      from: expect.any(String) as string,
      to: expect.any(String) as string,
    });
  });

  it('SSF-15 an operator holds a stream: nothing is asked for until it goes on, and then nothing is lost', async () => {
    await start();
    await eventually(() => transmitter.askedFor('poll').length > 0);
    expect((await service.ask('POST', '/admin/v1/signals/corp-ssf/pause', { token: operator })).status).toBe(200);
    await bring('one', issuer, { subject: byName(issuer, 'anna') });
    service.clock.forward(10_000);
    await eventually(async () => (await up()) === '0', undefined, 10_000);
    expect([transmitter.acknowledged, await isActive('anna')]).toEqual([[], true]);
    const { body } = await service.ask('GET', '/admin/v1/signals', { token: viewer });
    const stream = expect.objectContaining({ delivery: 'poll', health: 'held', heldBy: 'acting' }) as unknown;
    expect(body['signals']).toEqual([expect.objectContaining({ id: 'corp-ssf', stream })]);
    expect((await service.ask('POST', '/admin/v1/signals/another/pause', { token: operator })).status).toBe(404);
    expect((await service.ask('POST', '/admin/v1/signals/corp-ssf/pause', { token: viewer })).status).toBe(403);
    expect((await service.ask('POST', '/admin/v1/signals/corp-ssf/resume', { token: operator })).status).toBe(200);
    service.clock.forward(10_000);
    await acknowledgedAre('one');
    expect(service.auditedFields).toContainEqual(
      expect.objectContaining({ action: 'admin_signal_pause', signal: 'corp-ssf' }),
    );
  });
});
