import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { Scraped } from '../../test/telemetry/support/scraped.js';
import { ClientRequests } from './client-requests.js';
import { Telemetry } from './telemetry.js';

/** A request that is answered so, and then perhaps is not what was hoped for. */
const saying =
  (status: number, isFailure = false) =>
  (answered: (status: number) => void): Promise<void> => {
    answered(status);
    return isFailure ? Promise.reject(new Error('not what was hoped for')) : Promise.resolve();
  };

describe('ClientRequests', () => {
  function measuring() {
    const clock = new FakeClock();
    const { metrics, reader } = Telemetry.local(clock);
    const requests = new ClientRequests({ clock, metrics });
    const ask = (url: string, work: (answered: (status: number) => void) => Promise<unknown>): Promise<unknown> =>
      requests.run({ method: 'GET', url: new URL(url), failure: () => 'timeout', work }).catch(() => undefined);
    const counts = async () => {
      const { names, text } = new Scraped(await reader.scrape());
      return { text, counts: names.filter((name) => name.startsWith('http_client_request_duration_seconds_count')) };
    };
    return { ask, counts };
  }

  it('measures an answer, a refusal and no answer at all apart', async () => {
    const { ask, counts } = measuring();
    await ask('https://issuer.example/secret-path?key=secret', saying(200));
    await ask('https://issuer.example/', saying(503, true));
    await ask('http://[::1]:8080/', () => Promise.reject(new Error('never')));
    const { text, counts: found } = await counts();
    const labels = (address: string, port: string, scheme: string, status: string, error: string): string =>
      `http_client_request_duration_seconds_count{http_request_method="GET",server_address="${address}",server_port="${port}",url_scheme="${scheme}",http_response_status_code="${status}",error_type="${error}"}`;
    expect(found).toEqual([
      labels('issuer.example', '443', 'https', '200', ''),
      labels('issuer.example', '443', 'https', '503', '503'),
      labels('::1', '8080', 'http', '', 'timeout'),
    ]);
    expect(text).not.toContain('secret');
  });

  it('makes no series for each number that a server answers, or for each server that metadata names', async () => {
    const { ask, counts } = measuring();
    for (let status = 600; status < 999; status++) {
      await ask('https://issuer.example/', saying(status));
    }
    expect((await counts()).counts).toHaveLength(1);
    for (let i = 0; i < 2_000; i++) await ask(`https://h${i}.example/`, saying(200));
    expect((await counts()).counts).toHaveLength(1 + 999 + 1);
  });
});
