import { describe, expect, it } from 'vitest';
import { TrustedProxies } from './trusted-proxies.js';

describe('TrustedProxies', () => {
  it('H-15 trusts nobody by default, nor what is no address', () => {
    expect(new TrustedProxies([]).trusts('127.0.0.1')).toBe(false);
    expect(new TrustedProxies(['0.0.0.0/0', '::/0']).trusts('proxy.example')).toBe(false);
  });

  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.1.2.4', false],
    ['2001:db8::/32', '2001:db8:1::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['::1', '::1', true],
    ['::1', '127.0.0.1', false],
  ])('%s and %s: %s', (range, address, trusted) => {
    expect(new TrustedProxies([range]).trusts(address)).toBe(trusted);
  });

  it.each(['', 'proxy.example', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/x', '::1/129', '*'])('refuses %j', (range) => {
    expect(() => new TrustedProxies([range])).toThrow();
  });
});
