import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileText } from '../shared/configuration/field.js';
import { CurrentText, withoutLineEnd } from './current-text.js';

describe('CurrentText', () => {
  let folder: string;
  let path: string;
  let text: CurrentText;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-current-text-'));
    path = join(folder, 'password');
    writeFileSync(path, 'first');
    text = new CurrentText(new FileText(path, 'as it was loaded'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is what is in the file at each time', () => {
    expect(text.get()).toBe('first');
    writeFileSync(path, 'second');
    expect(text.get()).toBe('second');
  });

  it('is what it was last while the file is being written or is gone', () => {
    expect(text.get()).toBe('first');
    writeFileSync(path, '\n');
    expect(text.get()).toBe('first');
    rmSync(path);
    expect(text.get()).toBe('first');
  });

  it('is what was loaded where the file was gone from the beginning', () => {
    rmSync(path);
    expect(text.get()).toBe('as it was loaded');
  });

  it('never changes where it is in the configuration itself', () => {
    expect(new CurrentText('written').get()).toBe('written');
  });

  it('keeps all of a password but the line ends behind it', () => {
    expect(withoutLineEnd(' pass word \r\n\n')).toBe(' pass word ');
  });
});
