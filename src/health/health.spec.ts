import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { plainListener } from '../../test/transport/support/plain-listener.js';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { Issuer } from '../issuers/issuer.js';
import { HttpAdapter } from '../transport/http/http-adapter.js';
import { HealthHttpModule } from './health-http.module.js';
import { Lifecycle } from './lifecycle.js';
import { KeyPresence } from './readiness.js';

const issuer = (id: string, criticality: Issuer['criticality']): Issuer =>
  ({ id, issuer: `https://${id}.example`, criticality }) as Issuer;

class Registered extends IssuerRegistry {
  issuers: Issuer[] = [];
  override find = (): undefined => undefined;
  override placeOf(): number {
    return 0;
  }

  override at(): undefined {
    return undefined;
  }

  override ofNameless = (): undefined => undefined;
  override namesakes = (): readonly Issuer[] => [];
  override byId = (): undefined => undefined;
  override all = (): readonly Issuer[] => this.issuers;
  override onChange(): void {
    // nothing changes here
  }
}

class Keys extends KeyPresence {
  readonly present = new Set<string>();
  override hasKeys = ({ id }: Issuer): boolean => this.present.has(id);
}

interface Probe {
  readonly status: number;
  readonly cacheControl: unknown;
  readonly body: Record<string, unknown> & { details: Record<string, unknown> };
  readonly text: string;
}

describe('the probes', () => {
  let application: INestApplication;
  let port: number;
  let clock: FakeClock;
  let lifecycle: Lifecycle;
  let issuers: Registered;
  let keys: Keys;
  let denials: { isReady: boolean };

  beforeEach(async () => {
    clock = new FakeClock();
    lifecycle = new Lifecycle(clock);
    issuers = new Registered();
    keys = new Keys();
    denials = { isReady: true };
    const module = HealthHttpModule.over({ lifecycle, issuers, keys, denials });
    const adapter = new HttpAdapter(plainListener());
    application = await NestFactory.create(module, adapter, { logger: false, bodyParser: false });
    await application.init();
    port = await adapter.open({ host: '127.0.0.1', port: 0 });
  });

  afterEach(async () => {
    await application.close();
  });

  async function probe(path: string): Promise<Probe> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
    const text = await response.text();
    return {
      status: response.status,
      cacheControl: response.headers.get('cache-control'),
      body: JSON.parse(text) as Probe['body'],
      text,
    };
  }

  const statuses = async (): Promise<number[]> =>
    Promise.all(['/livez', '/readyz', '/startupz'].map(async (path) => (await probe(path)).status));

  it('RPROBE-01 live from the first moment, started and ready once the listeners are up', async () => {
    expect(await statuses()).toEqual([200, 503, 503]);
    lifecycle.serve();
    expect(await statuses()).toEqual([200, 200, 200]);
  });

  it('RPROBE-02 readiness fails at once when draining, and nothing else does', async () => {
    lifecycle.serve();
    lifecycle.drain();
    expect(await statuses()).toEqual([200, 503, 200]);
    lifecycle.serve();
    expect(await statuses()).toEqual([200, 503, 200]);
  });

  it('RPROBE-01 an issuer without keys that is not critical changes nothing', async () => {
    issuers.issuers = [issuer('corp', 'normal')];
    lifecycle.serve();
    expect(await statuses()).toEqual([200, 200, 200]);
  });

  it('waits for the first keys of critical issuers, and counts them', async () => {
    issuers.issuers = [issuer('corp', 'critical'), issuer('shop', 'critical'), issuer('other', 'normal')];
    keys.present.add('corp');
    lifecycle.serve();
    const waiting = await probe('/readyz');
    expect(waiting.status).toBe(503);
    expect(waiting.body.details).toMatchObject({ 'critical-issuers': { status: 'down', total: 2, withKeys: 1 } });

    keys.present.add('shop');
    expect((await probe('/readyz')).status).toBe(200);
  });

  it('is ready but degraded when a critical issuer still has no keys after ten seconds', async () => {
    issuers.issuers = [issuer('corp', 'critical')];
    lifecycle.serve();
    await clock.advance(9_999);
    expect((await probe('/readyz')).status).toBe(503);
    await clock.advance(1);
    const degraded = await probe('/readyz');
    expect(degraded.status).toBe(200);
    expect(degraded.body).toMatchObject({
      status: 'degraded',
      details: { 'critical-issuers': { status: 'degraded' } },
    });
  });

  it('is not ready before it is known which keys are denied', async () => {
    denials.isReady = false;
    lifecycle.serve();
    const waiting = await probe('/readyz');
    expect([waiting.status, waiting.body.details['denials']]).toEqual([
      503,
      { status: 'down', reason: 'not read yet, or not for too long' },
    ]);
    denials.isReady = true;
    expect((await probe('/readyz')).status).toBe(200);
  });

  it('lists each check, good or bad', async () => {
    const checks = ['configuration', 'critical-issuers', 'denials', 'listeners'];
    expect(Object.keys((await probe('/readyz')).body.details).sort()).toEqual(checks);
    lifecycle.serve();
    expect(Object.keys((await probe('/readyz')).body.details).sort()).toEqual(checks);
  });

  it('RPROBE-03 names no issuer', async () => {
    issuers.issuers = [issuer('corp', 'critical'), issuer('shop', 'normal')];
    lifecycle.serve();
    const { text } = await probe('/readyz');
    expect(text).not.toMatch(/corp|shop|example/);
  });

  it('is never cached, whatever the answer', async () => {
    const all = ['/livez', '/readyz', '/startupz'];
    for (const path of all) expect((await probe(path)).cacheControl).toBe('no-store');
    lifecycle.serve();
    for (const path of all) expect((await probe(path)).cacheControl).toBe('no-store');
  });
});
