import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adminSection, AdminService, FakeIssuer, operator, quickIssuer } from '../admin/support/admin-world.js';
import { eventually } from '../fakes/eventually.js';
import { bySession, receiver, securityEvent, SSF } from './support/event-world.js';
import { FakeTransmitter } from './support/fake-transmitter.js';

const streamId = 'stream-1';
const unknown = { error: 'temporarily_unavailable' };

describe('an issuer whose stream of security events does not tell what happens', () => {
  let issuer: FakeIssuer;
  let transmitter: FakeTransmitter;
  let service: AdminService;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    transmitter = new FakeTransmitter(issuer);
  });
  afterEach(async () => {
    await service.stop();
    await issuer.stop();
  });

  const start = async (onUnknown?: 'refuse' | 'accept'): Promise<void> => {
    const poll = { url: transmitter.pollUrl, every: '500ms', accessToken: 'a.token' };
    const signal = { id: 'corp-ssf', issuer: 'corp', audience: receiver, streamId, poll };
    const corp = { ...quickIssuer(issuer), ...(onUnknown && { revocation: { onUnknown } }) };
    service = await AdminService.start([corp], { admin: adminSection, signals: [signal] });
    await becomes({ active: true });
  };
  const updated = async (status: string): Promise<void> => {
    const news = {
      type: `${SSF}stream-updated`,
      about: { status },
      subject: bySession(streamId),
      claims: { jti: status },
    };
    transmitter.waiting.set(status, await securityEvent(issuer, news));
  };
  const answer = async (): Promise<unknown> => service.introspect(await issuer.sign());
  const becomes = (expected: Readonly<Record<string, unknown>>): Promise<void> => {
    let last: unknown;
    const [[name, value] = []] = Object.entries(expected);
    const isIt = async (): Promise<boolean> => {
      last = await answer();
      return (last as Record<string, unknown>)[name!] === value;
    };
    return eventually(isIt, () => JSON.stringify(last), 10_000);
  };

  it('SSF-09 SSF-10 with onUnknown: refuse its tokens are 503 while the transmitter has paused it, and good again afterwards', async () => {
    await start('refuse');
    await updated('paused');
    await becomes(unknown);
    expect(service.output).toContain('a stream of security events of this issuer is not up');
    await updated('enabled');
    await becomes({ active: true });
  });

  it('SSF-09 the same while it cannot be polled; but not while an operator has paused it, who knows', async () => {
    await start('refuse');
    transmitter.status = 500;
    service.clock.forward(70_000);
    await becomes(unknown);
    expect((await service.ask('POST', '/admin/v1/signals/corp-ssf/pause', { token: operator })).status).toBe(200);
    await becomes({ active: true });
  });

  it.each([undefined, 'accept'] as const)(
    'with onUnknown %s its tokens get verdicts all the same',
    async (onUnknown) => {
      await start(onUnknown);
      await updated('paused');
      const isDown = async (): Promise<boolean> =>
        (await service.ask('GET', '/metrics')).text.includes('assay_signal_stream_up{stream="corp-ssf"} 0');
      await eventually(isDown, undefined, 10_000);
      expect(await answer()).toMatchObject({ active: true });
    },
  );
});
