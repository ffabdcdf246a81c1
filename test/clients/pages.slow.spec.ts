import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/shared/package-root.js';
import { clientBlocks, runBlock, type ClientBlock } from '../../tools/client-pages.mjs';
import { limitedCaller, SECRET } from '../endpoints/reception.js';
import { AskedAssay } from './support/asked-assay.js';

let assay: AskedAssay;

const blocks = clientBlocks();
const runnable = blocks
  .filter(({ canRun }) => canRun)
  .map((block, i) => [`${block.page} ${i}`, block, `limited-${i}`] as const);

beforeAll(async () => {
  assay = await AskedAssay.open(runnable.map(([, , limited]) => limitedCaller(limited)));
});

// Once: a compiler whose cache is empty may compile its own library first.
beforeAll(async () => {
  for (const [, block] of runnable.filter(([, { language }]) => language === 'go')) await ask(block);
}, 300_000);

afterAll(() => assay.close());

function ask(block: ClientBlock, differences: Readonly<Record<string, string>> = {}): Promise<string> {
  return runBlock(block, {
    ASSAY_URL: assay.url,
    ASSAY_GRPC: assay.grpcAddress,
    ASSAY_PROTO: join(packageRoot, 'proto'),
    ASSAY_CLIENT: 'orders',
    ASSAY_SECRET: SECRET,
    TOKEN: assay.good,
    ...differences,
  });
}

describe('docs/clients', () => {
  it('names what is not run, and nothing else; those pages say so', () => {
    const idle = blocks
      .filter(({ canRun, isServed }) => !canRun && !isServed)
      .map(({ page, why }) => `${page}: ${why}`);
    const others = [
      'fastmcp.md',
      'go.md',
      'heimdall.md',
      'java.md',
      'lua-resty-openidc.md',
      'oathkeeper.md',
      'rust.md',
      'spring.md',
    ];
    for (const page of others)
      expect(readFileSync(join(packageRoot, 'docs', 'clients', page), 'utf8')).toMatch(/not run by our tests/i);
    expect([...new Set(idle)]).toEqual(others.map((page) => `${page}: not meant to be run`));
  });

  describe.each(runnable)('%s', (_name, block, limited) => {
    it('says of a good token whose it is, and of a bad one that it is bad', async () => {
      expect(await ask(block)).toBe('good alice');
      expect(await ask(block, { TOKEN: assay.bad })).toBe('bad');
    });

    it('says unknown with a wrong secret (401)', async () => {
      expect(await ask(block, { ASSAY_SECRET: 'wrong' })).toBe('unknown');
    });

    it('says unknown above the rate limit (429)', async () => {
      const answers: string[] = [];
      for (let i = 0; i < 3; i++) answers.push(await ask(block, { ASSAY_CLIENT: limited }));
      expect(answers).toEqual(['good alice', 'good alice', 'unknown']);
    });

    it('says unknown while keys cannot be known (503), and where nobody answers', async () => {
      assay.isDown = true;
      const answer = await ask(block).finally(() => (assay.isDown = false));
      expect(answer).toBe('unknown');
      expect(await ask(block, { ASSAY_URL: 'http://127.0.0.1:9', ASSAY_GRPC: '127.0.0.1:9' })).toBe('unknown');
    });
  });
});
