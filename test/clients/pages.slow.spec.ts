import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeysUnavailable } from '../../src/keys/key-resolver.js';
import { packageRoot } from '../../src/shared/package-root.js';
import { clientBlocks, runBlock, type ClientBlock } from '../../tools/client-pages.mjs';
import { limitedCaller, Reception, SECRET } from '../endpoints/reception.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';

let isDown = false;
let reception: Reception;
let http: HttpEndpoint;
let grpc: GrpcEndpoint;
let token: string;

const blocks = clientBlocks();
const runnable = blocks
  .filter(({ canRun }) => canRun)
  .map((block, i) => [`${block.page} ${i}`, block, `limited-${i}`] as const);

beforeAll(async () => {
  reception = await Reception.open({
    callers: runnable.map(([, , limited]) => limitedCaller(limited)),
    keys: (held) => ({
      known: (issuer, header) => (isDown ? undefined : held.known(issuer, header)),
      holds: () => false,
      find: (issuer, header) => (isDown ? Promise.reject(new KeysUnavailable('main', 7)) : held.find(issuer, header)),
    }),
  });
  http = await HttpEndpoint.before(reception);
  grpc = await GrpcEndpoint.before(reception);
  token = reception.context.good.with({ sub: 'alice' }).build();
});

afterAll(async () => {
  await grpc.close();
  await http.close();
});

function ask(block: ClientBlock, differences: Readonly<Record<string, string>> = {}): Promise<string> {
  return runBlock(block, {
    ASSAY_URL: `http://127.0.0.1:${http.port}`,
    ASSAY_GRPC: `127.0.0.1:${grpc.port}`,
    ASSAY_PROTO: join(packageRoot, 'proto'),
    ASSAY_CLIENT: 'orders',
    ASSAY_SECRET: SECRET,
    TOKEN: token,
    ...differences,
  });
}

describe('docs/clients', () => {
  it('names what is not run: configurations of other programs, and nothing else', () => {
    const idle = blocks.filter(({ canRun }) => !canRun).map(({ page, why }) => `${page}: ${why}`);
    const others = ['apache.md', 'dovecot.md', 'heimdall.md', 'oathkeeper.md', 'spring.md'];
    expect(idle).toEqual(others.map((page) => `${page}: a configuration of another program`));
  });

  describe.each(runnable)('%s', (_name, block, limited) => {
    it('says of a good token whose it is, and of a bad one that it is bad', async () => {
      expect(await ask(block)).toBe('good alice');
      expect(await ask(block, { TOKEN: `${token.slice(0, -4)}AAAA` })).toBe('bad');
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
      isDown = true;
      const answer = await ask(block).finally(() => (isDown = false));
      expect(answer).toBe('unknown');
      expect(await ask(block, { ASSAY_URL: 'http://127.0.0.1:9', ASSAY_GRPC: '127.0.0.1:9' })).toBe('unknown');
    });
  });
});
