import { describe, expect, it } from 'vitest';
import { TrustedProxies } from '../trusted-proxies.js';
import { clientAddress } from './peer-of-request.js';

describe('clientAddress', () => {
  const proxies = new TrustedProxies(['10.0.0.0/8', '::1']);

  it.each([
    ['a peer that nobody trusts', '192.0.2.1', '203.0.113.7', '192.0.2.1'],
    ['a trusted peer without the header', '10.0.0.1', undefined, '10.0.0.1'],
    ['one proxy', '10.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['what the client itself has put in front', '10.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['two proxies', '10.0.0.1', '198.51.100.1,203.0.113.7 , 10.9.9.9', '203.0.113.7'],
    ['proxies only', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['several lines', '::1', ['198.51.100.1', '203.0.113.7'], '203.0.113.7'],
    ['an empty entry', '10.0.0.1', '203.0.113.7, ', ''],
    ['what is no address', '10.0.0.1', '203.0.113.7, unknown', 'unknown'],
    ['a connection that is gone', undefined, '203.0.113.7', undefined],
  ])('%s', (_, peer, forwarded, client) => {
    expect(clientAddress(peer, forwarded, proxies)).toBe(client);
  });
});
