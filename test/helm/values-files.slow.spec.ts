import { describe, expect, it } from 'vitest';
import { only, render, type Values } from './support/helm.js';
import { loadFromConfigMap } from './support/loaded-configuration.js';

const terms = { algorithms: ['RS256'], audiences: 'any' };
const rights = { issuers: 'any', audiences: 'any', claims: 'any' };

const platform = {
  image: { repository: 'registry.example/assay', tag: '1.0.0' },
  config: {
    server: { tlsTerminatedUpstream: true, trustedProxies: ['10.0.0.0/8'] },
    issuers: { corp: { issuer: 'https://login.corp.example', ...terms } },
    callers: { orders: { secrets: ['${file:/run/secrets/assay/orders}'], ...rights } },
  },
};
const shop = {
  config: {
    issuers: { shop: { issuer: 'https://login.shop.example', ...terms } },
    callers: { shop: { secrets: ['${file:/run/secrets/assay/shop}'], ...rights } },
  },
};

async function registeredBy(...values: Values) {
  const { configuration, problems } = await loadFromConfigMap(only(render(...values), 'ConfigMap', 'assay'));
  expect(problems).toEqual([]);
  const namesOf = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).sort();
  return { issuers: namesOf(configuration.issuers), callers: namesOf(configuration.callers) };
}

describe('two files with values, one of each team', () => {
  it('register what both say: Helm merges mappings', async () => {
    expect(await registeredBy(platform, shop)).toEqual({ issuers: ['corp', 'shop'], callers: ['orders', 'shop'] });
  });

  it('remove with null what an earlier one registers', async () => {
    const gone = { config: { issuers: { corp: null }, callers: { orders: null } } };
    expect(await registeredBy(platform, shop, gone)).toEqual({ issuers: ['shop'], callers: ['shop'] });
  });

  it('change one setting of what an earlier one registers', async () => {
    const audience = { config: { issuers: { corp: { audiences: ['https://api.corp.example'] } } } };
    const configMap = only(render(platform, audience), 'ConfigMap', 'assay');
    const { configuration } = await loadFromConfigMap(configMap);
    expect(configuration.issuers).toMatchObject([{ id: 'corp', audiences: ['https://api.corp.example'] }]);
  });
});
