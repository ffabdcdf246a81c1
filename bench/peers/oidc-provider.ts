import { peerRequest } from '../requests.ts';
import { takeTokens } from './own-tokens.ts';
import type { Peer } from './peer.ts';

/** node-oidc-provider, an npm package: always there. */
export const oidcProvider: Peer = {
  name: 'node-oidc-provider',
  endpoint: 'introspect',
  async start(stage) {
    const listening = await stage.oidcProvider();
    const tokens = await takeTokens(`http://127.0.0.1:${listening.port}/token`, 'orders:read orders:write');
    const requests = tokens.map((token) => peerRequest('/token/introspection', token));
    return { ...listening, requests, remark: 'opaque tokens in its own memory' };
  },
};
