import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { Telemetry } from '../telemetry.js';

describe('Metrics', () => {
  const labels = { door: 'introspect', caller: 'orders', outcome: 'active' };

  async function requestsOf({ reader }: Telemetry): Promise<readonly string[]> {
    const text = await reader.scrape();
    return text.split('\n').filter((line) => line.startsWith('assay_requests_total{'));
  }

  it('adds up what is counted, one series for each combination of labels, whatever their order', async () => {
    const telemetry = Telemetry.local(new FakeClock());
    telemetry.metrics.count('assay_requests_total', labels);
    telemetry.metrics.count('assay_requests_total', { outcome: 'active', caller: 'orders', door: 'introspect' }, 2);
    telemetry.metrics.count('assay_requests_total', { ...labels, outcome: 'inactive' });

    expect(await requestsOf(telemetry)).toEqual([
      'assay_requests_total{door="introspect",caller="orders",outcome="active"} 3',
      'assay_requests_total{door="introspect",caller="orders",outcome="inactive"} 1',
    ]);
    telemetry.metrics.count('assay_requests_total', labels);
    expect((await requestsOf(telemetry))[0]).toMatch(/ 4$/);
  });

  it('does not take one series for another where values touch', async () => {
    const telemetry = Telemetry.local(new FakeClock());
    telemetry.metrics.count('assay_requests_total', { ...labels, door: 'a', caller: 'b' });
    telemetry.metrics.count('assay_requests_total', { ...labels, door: 'ab', caller: '' });

    expect(await requestsOf(telemetry)).toHaveLength(2);
  });
});
