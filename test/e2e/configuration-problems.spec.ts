import { describe, expect, it } from 'vitest';
import { AssayProcess } from './support/assay-process.js';
import { configurationOf, issuerSection } from './support/configuration.js';

const corp = issuerSection('corp', { issuer: 'https://login.corp.example' });

describe('a wrong configuration', () => {
  it('prints every problem with its path, and ends with 78', async () => {
    const assay = await AssayProcess.launch((ports) => ({
      ...configurationOf(ports, [
        { ...corp, algorithms: ['HS256'], audiences: undefined, keys: { jwksFile: '/absent' } },
      ]),
      calers: [],
    }));

    expect(await assay.exited()).toBe(78);
    for (const part of ['issuers[0].algorithms', 'HS256', 'issuers[0].audiences', 'jwksFile', 'calers', 'callers']) {
      expect(assay.errors).toContain(part);
    }
    await assay.stop();
  });

  it('reports problems that only show when issuers and callers are prepared beside the others', async () => {
    const assay = await AssayProcess.launch((ports) => ({
      ...configurationOf(ports, [corp, { ...corp, id: 'second' }]),
      callers: [{ id: 'a', secrets: ['short'], issuers: ['nobody'], audiences: 'any', claims: 'any' }],
    }));

    expect(await assay.exited()).toBe(78);
    for (const part of ['issuers[1].issuer', 'callers[0].issuers', 'nobody']) expect(assay.errors).toContain(part);
    await assay.stop();
  });

  it('reports what cannot be read beside what cannot be made ready, in one run', async () => {
    const caller = { issuers: 'any', audiences: 'any', claims: 'any' };
    const assay = await AssayProcess.launch((ports) => ({
      ...configurationOf(ports, [
        { ...corp, colour: 'blue' },
        { ...corp, id: 'shop', issuer: 'https://shop.example', keys: { pemFile: 'assay.yaml' } },
      ]),
      callers: [
        { id: 'a', ...caller },
        { id: 'b', secrets: ['short'], ...caller },
      ],
    }));

    expect(await assay.exited()).toBe(78);
    for (const path of ['issuers[0].colour', 'issuers[1].keys.pemFile', 'callers[0]', 'callers[1].secrets[0]']) {
      expect(assay.errors).toContain(`${path}:`);
    }
    await assay.stop();
  });

  it('prints no secret', async () => {
    const secret = 'planted-secret-8hT2kPq4Lm';
    const assay = await AssayProcess.launch((ports) => ({
      ...configurationOf(ports, [corp]),
      callers: [{ id: 'a', secrets: [secret], secret, issuers: ['corp'], audiences: 'any', claims: 'any' }],
    }));

    expect(await assay.exited()).toBe(78);
    expect(assay.output).not.toContain(secret);
    await assay.stop();
  });

  it('that is not there is one clear problem', async () => {
    const assay = await AssayProcess.run({ env: { ASSAY_CONFIG: '/absent/assay.yaml' } });

    expect(await assay.exited()).toBe(78);
    expect(assay.errors).toContain('/absent/assay.yaml');
    await assay.stop();
  });
});
