import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminService, adminSection, FakeIssuer, quickIssuer, viewer } from './support/admin-world.js';

describe('which configuration is in force', () => {
  let issuer: FakeIssuer;
  let service: AdminService;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    service = await AdminService.start([quickIssuer(issuer)], { admin: adminSection });
  });

  afterEach(async () => {
    await service.stop();
    await issuer.stop();
  });

  const inForce = async (): Promise<unknown> =>
    (await service.ask('GET', '/admin/v1/configuration', { token: viewer })).body;
  const digestOfFile = async (): Promise<string> =>
    createHash('sha256')
      .update(await readFile(service.file))
      .digest('hex');
  const measured = async (): Promise<readonly string[]> => {
    const { text } = await service.ask('GET', '/metrics');
    return [...text.matchAll(/^assay_config_info\{digest="([^"]*)"\} 1/gm)].map(([, digest = '']) => digest);
  };

  it('is said by the admin API and by the metrics: the digest of the file', async () => {
    const digest = await digestOfFile();
    const since = expect.stringMatching(/^\d{4}-.*Z$/) as string;
    expect(await inForce()).toEqual({ file: service.file, digest, since });
    expect(await measured()).toEqual([digest]);
  });

  it('is beside how well the audit trail is kept', async () => {
    const { text } = await service.ask('GET', '/metrics');
    expect(text).toMatch(/^assay_audit_lost_total\{kind="dropped"\} 0/m);
    expect(text).toMatch(/^assay_audit_lost_total\{kind="unwritten"\} 0/m);
    expect(text).toMatch(/^assay_audit_unwritable 0/m);
  });

  it('changes with the file, and not where the new file is refused', async () => {
    const before = await digestOfFile();
    await service.write([quickIssuer(issuer)], { admin: adminSection, cache: { verifiedTokens: '0B' } });
    await service.reload();
    const after = await digestOfFile();
    expect(after).not.toBe(before);
    expect(await inForce()).toMatchObject({ digest: after });
    expect(await measured()).toEqual([after]);
    await service.write([], { admin: adminSection, colour: 'red' });
    await service.reload();
    expect(await inForce()).toMatchObject({ digest: after });
    expect(await measured()).toEqual([after]);
  });
});
