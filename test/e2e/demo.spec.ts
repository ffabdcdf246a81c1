import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AssayProcess } from './support/assay-process.js';
import { DEFAULT_PORTS_TIMEOUT_MS, DefaultPorts } from './support/default-ports.js';
import { linesToPaste, paste } from './support/demo.js';

describe('demo mode', () => {
  let ports: DefaultPorts;
  let assay: AssayProcess;
  let takeToken: string;
  let introspect: string;
  let rotate: string;

  beforeAll(async () => {
    ports = await DefaultPorts.take();
    assay = await AssayProcess.run();
    await assay.says('/rotate');
    [takeToken, introspect, rotate] = linesToPaste(assay.output) as [string, string, string];
  }, DEFAULT_PORTS_TIMEOUT_MS);

  afterAll(async () => {
    await assay.stop();
    await ports.release();
  });

  const verdict = async (...lines: string[]): Promise<unknown> => JSON.parse(await paste(...lines));

  it('prints three lines to paste, and they work', async () => {
    expect(linesToPaste(assay.output)).toHaveLength(3);

    expect(await verdict(takeToken, introspect)).toMatchObject({ active: true, sub: 'demo-user' });
    expect(await paste(rotate)).toContain('new key');
  });

  it('knows the token of a new key at once, and one of the key before it still', async () => {
    const previous = await paste(takeToken, 'echo "$TOKEN"');
    await paste(rotate);

    expect(await verdict(takeToken, introspect)).toMatchObject({ active: true });
    expect(await verdict(`TOKEN=${previous.trim()}`, introspect)).toMatchObject({ active: true });
  });

  it('listens on 127.0.0.1 only', async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
    const others = addresses
      .filter((entry) => !entry.internal && entry.family === 'IPv4')
      .map((entry) => entry.address);
    for (const address of [...others, '127.0.0.2']) {
      for (const port of [assay.ports.http, assay.ports.management]) {
        await expect(fetch(`http://${address}:${port}/livez`)).rejects.toThrow('fetch failed');
      }
    }
  });

  it('says what to do when another program has its port', async () => {
    const second = await AssayProcess.run();

    expect(await second.exited()).toBe(1);
    expect(second.errors.trim().split('\n')).toEqual([expect.stringContaining('cannot listen on 127.0.0.1:8081')]);
    await second.stop();
  });

  it('is refused in production: a missing configuration is an error that names the places looked at', async () => {
    const refused = await AssayProcess.run({ env: { NODE_ENV: 'production' } });

    expect(await refused.exited()).toBe(78);
    expect(refused.errors).toContain('ASSAY_CONFIG');
    expect(refused.errors).toMatch(/\S\/assay\.yaml/);
    expect(refused.errors).toContain('/etc/assay/assay.yaml');
    await refused.stop();
  });
});
