import { describe, expect, it } from 'vitest';
import { isAllowedAddress } from './address-rules.js';

const strict = { allowPrivate: false };
const lenient = { allowPrivate: true };

describe('isAllowedAddress', () => {
  it.each(['93.184.216.34', '1.1.1.1', '2606:4700:4700::1111', '2a00:1450:4001::200e', '64:ff9b::93.184.216.34'])(
    'allows %s',
    (address) => {
      expect(isAllowedAddress(address, strict)).toBe(true);
      expect(isAllowedAddress(address, lenient)).toBe(true);
    },
  );

  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '::1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    'fc00::1',
    'fd12:3456::1',
    // What service meshes make up for services of their own.
    '240.0.0.1',
    '240.240.0.1',
    '240.240.255.254',
    '255.255.255.254',
    '2001:2::f0f0:1',
  ])('F-11 refuses %s unless the issuer is internal', (address) => {
    expect(isAllowedAddress(address, strict)).toBe(false);
    expect(isAllowedAddress(address, lenient)).toBe(true);
  });

  it.each([
    ['metadata of most clouds', '169.254.169.254'],
    ['metadata of AWS over IPv6', 'fd00:ec2::254'],
    ['metadata of Alibaba', '100.100.100.200'],
    ['host agent of Azure', '168.63.129.16'],
    ['link-local IPv6', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['unspecified', '0.0.0.0'],
    ['unspecified network', '0.1.2.3'],
    ['unspecified IPv6', '::'],
    ['broadcast', '255.255.255.255'],
    ['multicast', '224.0.0.1'],
    ['multicast IPv6', 'ff02::1'],
    ['IPv4-mapped', '::ffff:127.0.0.1'],
    ['IPv4-mapped, public', '::ffff:8.8.8.8'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['loopback through NAT64', '64:ff9b::7f00:1'],
    ['private through NAT64, RFC 6052 §3.1', '64:ff9b::10.1.2.3'],
    ['private through NAT64, RFC 6052 §3.1', '64:ff9b::192.168.1.1'],
    ['carrier-grade NAT through NAT64', '64:ff9b::100.64.0.1'],
    ['mesh through NAT64', '64:ff9b::240.240.0.1'],
    ['metadata through NAT64', '64:ff9b::169.254.169.254'],
    ['metadata of Alibaba through NAT64', '64:ff9b::100.100.100.200'],
    ['host agent of Azure through NAT64', '64:ff9b::168.63.129.16'],
    ['broadcast through NAT64', '64:ff9b::255.255.255.255'],
    ['NAT64 with a zone', '64:ff9b::8.8.8.8%eth0'],
    ['local NAT64', '64:ff9b:1::a00:1'],
    ['6to4', '2002:7f00:1::1'],
    ['Teredo', '2001:0:7f00:1::1'],
    ['site-local', 'fec0::1'],
    ['documentation', '192.0.2.1'],
    ['documentation IPv6', '2001:db8::1'],
    ['benchmarking', '198.18.0.1'],
    ['reserved', '192.88.99.1'],
    ['never assigned', '4000::1'],
    ['a name', 'localhost'],
    ['nothing', ''],
  ])('F-11 never allows %s (%s)', (_case, address) => {
    expect(isAllowedAddress(address, strict)).toBe(false);
    expect(isAllowedAddress(address, lenient)).toBe(false);
  });
});
