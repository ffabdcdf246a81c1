import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operator } from '../admin/support/admin-world.js';
import { eventually } from '../fakes/eventually.js';
import { PolledStream } from './support/polled-stream.js';

describe('an issuer whose stream of security events does not tell what happens', () => {
  let world: PolledStream;

  beforeEach(async () => {
    world = await PolledStream.open();
  });
  afterEach(() => world.stop());

  const start = async (onUnknown?: 'refuse' | 'accept'): Promise<void> => {
    await world.start({}, {}, onUnknown && { revocation: { onUnknown } });
    await becomes('active', true);
  };
  const updated = (status: string): Promise<void> => world.bringNews(status, 'stream-updated', { status });
  const answer = async () => world.service.introspect(await world.issuer.sign());
  /** Waits until its tokens are answered so. */
  const becomes = (member: 'active' | 'error', value: unknown): Promise<void> => {
    let last: Awaited<ReturnType<typeof answer>> = {};
    const isIt = async (): Promise<boolean> => (last = await answer())[member] === value;
    return eventually(isIt, () => JSON.stringify(last), 10_000);
  };

  it('SSF-09 SSF-10 with onUnknown: refuse its tokens are 503 while the transmitter has paused it, and good again afterwards', async () => {
    await start('refuse');
    await updated('paused');
    await becomes('error', 'temporarily_unavailable');
    expect(world.service.output).toContain('a stream of security events of this issuer is not up');
    await updated('enabled');
    await becomes('active', true);
  });

  it('SSF-09 the same while it cannot be polled; but not while an operator has paused it, who knows', async () => {
    await start('refuse');
    const { service, transmitter } = world;
    transmitter.status = 500;
    service.clock.forward(70_000);
    await becomes('error', 'temporarily_unavailable');
    expect((await service.ask('POST', '/admin/v1/signals/corp-ssf/pause', { token: operator })).status).toBe(200);
    await becomes('active', true);
  });

  it.each([undefined, 'accept'] as const)(
    'with onUnknown %s its tokens get verdicts all the same',
    async (onUnknown) => {
      await start(onUnknown);
      await updated('paused');
      await eventually(async () => (await world.up()) === '0', undefined, 10_000);
      expect(await answer()).toMatchObject({ active: true });
    },
  );
});
