import { symlink } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findConfiguration } from '../../src/config/find-configuration.js';
import { Directory } from './support/directory.js';

describe('where the configuration is', () => {
  let directory: Directory;

  beforeEach(async () => {
    directory = await Directory.create();
  });

  afterEach(async () => {
    await directory.remove();
  });

  it('is what ASSAY_CONFIG says, there or not', async () => {
    await directory.write('assay.yaml', '');
    expect(findConfiguration({ ASSAY_CONFIG: '/absent.yaml' }, directory.path)).toBe('/absent.yaml');
  });

  it('is else the working directory', async () => {
    await directory.write('assay.yaml', '');
    expect(findConfiguration({ ASSAY_CONFIG: '' }, directory.path)).toBe(directory.file);
  });

  it('is else nowhere, which means demo mode', () => {
    expect(findConfiguration({}, directory.path)).toBeUndefined();
    expect(findConfiguration({ NODE_ENV: 'development' }, directory.path)).toBeUndefined();
  });

  it('must be somewhere in production', () => {
    expect(() => findConfiguration({ NODE_ENV: 'production' }, directory.path)).toThrow(
      /found nothing at .*assay\.yaml and \/etc\/assay\/assay\.yaml, and ASSAY_CONFIG is not set/,
    );
  });

  it('is a link that leads nowhere rather than demo mode', async () => {
    await symlink('absent', directory.file);
    expect(findConfiguration({}, directory.path)).toBe(directory.file);
  });
});
