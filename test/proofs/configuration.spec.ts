import { afterEach, describe, expect, it } from 'vitest';
import type { ConfigurationInvalid } from '../../src/config/configuration-invalid.js';
import { composed, type TestContext } from '../app/context.js';
import { aConfiguration } from '../config/support/a-configuration.js';

let context: TestContext | undefined;

afterEach(async () => {
  await context?.module.close();
  context = undefined;
});

const redis = {
  url: 'redis://127.0.0.1:1',
  recordKeys: [{ id: 'k1', secret: 'record-key-Zr7Kq2Vn5Xz7Lw4TpB9sYc3Mh8Jd' }],
};
const edge = (dpop: object) => ({
  id: 'edge',
  proxy: true,
  issuers: ['corp'],
  audiences: ['https://api.corp.example'],
  claims: ['sub'],
  proofs: { origin: 'https://api.corp.example', dpop },
});

/** What is wrong with a configuration whose one caller is this. */
async function problemsWith(dpop: object, more: object = {}): Promise<readonly string[]> {
  const { issuers } = aConfiguration();
  try {
    context = await composed({ issuers, callers: [edge(dpop)], ...more });
    return [];
  } catch (error) {
    return (error as ConfigurationInvalid).problems.map(({ path, found }) => `${path}: ${found}`);
  }
}

describe('DP-09 replay: shared', () => {
  it('is refused where there is nothing to share uses in: each replica would let a proof pass once', async () => {
    const refused = ['callers[0].proofs.dpop.replay: shared, without redis'];
    expect(await problemsWith({ replay: 'shared' })).toEqual(refused);
    expect(await problemsWith({ replay: 'shared' }, { redis: null })).toEqual(refused);
  });

  it('is taken beside redis, and what each replica remembers for itself needs none', async () => {
    expect(await problemsWith({ replay: 'shared' }, { redis })).toEqual([]);
    await context?.module.close();
    expect(await problemsWith({ replay: 'local' })).toEqual([]);
  });
});

describe('DP-05 proxySetsRequestId', () => {
  const server = aConfiguration()['server'] as object;
  const proxies = { server: { ...server, trustedProxies: ['127.0.0.1/32'] } };

  it('is refused where no proxy is trusted: whoever asks would be the one who names the requests', async () => {
    const refused = ['callers[0].proofs.dpop.proxySetsRequestId: true, where no proxy is trusted'];
    expect(await problemsWith({ proxySetsRequestId: true })).toEqual(refused);
  });

  it('is taken beside trusted proxies, and is off by itself', async () => {
    expect(await problemsWith({ proxySetsRequestId: true }, proxies)).toEqual([]);
    await context?.module.close();
    expect(await problemsWith({})).toEqual([]);
  });
});
