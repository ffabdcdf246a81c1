import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { NoTracing, type SpanAttributes } from '../../telemetry/tracing/tracing.js';
import { RefreshScheduler } from './refresh-scheduler.js';

/** Notes what is done under a trace of its own. */
class NotingTracing extends NoTracing {
  readonly begun: string[] = [];

  override inBackground<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T> {
    this.begun.push(`${name} ${JSON.stringify(attributes)}`);
    return work();
  }
}

describe('RefreshScheduler', () => {
  it('refreshes what is due, each time under a trace of its own', async () => {
    const [clock, tracing] = [new FakeClock(), new NotingTracing()];
    const scheduler = new RefreshScheduler(clock, tracing);
    let refreshed = 0;
    const listeners: (() => void)[] = [];
    scheduler.add({
      issuerId: 'corp',
      nextRefreshInMs: () => 1_000,
      onRefreshed: (listener) => void listeners.push(listener),
      refresh: () => {
        refreshed++;
        for (const listener of listeners) listener();
        return Promise.resolve();
      },
    });
    scheduler.start();
    await clock.advance(3_500);
    scheduler.stop();
    await clock.advance(10_000);
    expect(refreshed).toBe(3);
    expect(tracing.begun).toEqual(new Array(3).fill('refresh keys {"assay.issuer":"corp"}'));
  });
});
