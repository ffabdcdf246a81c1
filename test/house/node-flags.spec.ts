import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { POD_LIMIT_MIB } from '../soak/memory.js';
import { nodeEnvironment, nodeFlags } from '../../tools/node-flags.mjs';

const root = join(import.meta.dirname, '..', '..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('the flags that keep memory small', () => {
  it('are the same in the image, for the command, and for npm start', () => {
    const entryPoint = /^ENTRYPOINT (?<list>\[.*\])$/m.exec(textOf('Dockerfile'))?.groups?.['list'] ?? '[]';
    expect(JSON.parse(entryPoint)).toEqual(['/nodejs/bin/node', ...nodeFlags, 'dist/main.js']);
    expect(textOf('src/main.ts').split('\n')[0]).toBe(`#!/usr/bin/env -S node ${nodeFlags.join(' ')}`);
    expect(textOf('tools/start.mjs')).toContain('[...nodeFlags,');
  });

  it('come with the allocator’s setting in the image', () => {
    for (const [name, value] of Object.entries(nodeEnvironment))
      expect(textOf('Dockerfile')).toMatch(new RegExp(`^ENV .*\\b${name}=${value}$`, 'm'));
  });

  it('make room for which the chart asks: 200 MB, and what the soak allows a pod', () => {
    const [, requested, limit] =
      /^resources:\n.*memory: (\d+)Mi \}\n.*memory: (\d+)Mi \}$/m.exec(textOf('helm/values.yaml')) ?? [];
    expect(Number(requested) * 1024 ** 2).toBeGreaterThanOrEqual(200e6);
    expect(Number(limit)).toBe(POD_LIMIT_MIB);
  });

  it('mean something to this version of Node: the young generation is as large as they say, and not as usual', () => {
    const limit = (flags: readonly string[]): number => {
      const script = 'process.stdout.write(String(require("v8").getHeapStatistics().heap_size_limit))';
      const { stdout, status } = spawnSync(process.execPath, [...flags, '--eval', script], { encoding: 'utf8' });
      expect(status).toBe(0);
      return Number(stdout);
    };
    const oldGeneration = ['--max-old-space-size=256'];
    expect(limit([...nodeFlags, ...oldGeneration])).toBe((256 + 3 * 4) * 1024 ** 2);
    expect(limit(oldGeneration)).toBeGreaterThan(limit([...nodeFlags, ...oldGeneration]));
  });
});
