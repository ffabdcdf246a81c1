import { describe, expect, it } from 'vitest';
import { trustDomainOf } from './spiffe-id.js';

describe('trustDomainOf', () => {
  it.each([
    ['spiffe://prod.corp.example/ns/shop/sa/orders', 'prod.corp.example'],
    ['spiffe://prod.corp.example', 'prod.corp.example'],
    ['spiffe://td_1-x/A.b_c-9/...', 'td_1-x'],
  ])('reads %s', (id, domain) => {
    expect(trustDomainOf(id)).toBe(domain);
  });

  it.each([
    ['another scheme', 'https://prod.example/x'],
    ['a scheme in upper case', 'SPIFFE://prod.example/x'],
    ['a trust domain in upper case', 'spiffe://Prod.example/x'],
    ['a port', 'spiffe://prod.example:443/x'],
    ['user information', 'spiffe://a@prod.example/x'],
    ['a query', 'spiffe://prod.example/x?y'],
    ['a fragment', 'spiffe://prod.example/x#y'],
    ['a percent', 'spiffe://prod.example/%78'],
    ['an empty segment', 'spiffe://prod.example//x'],
    ['a slash at the end', 'spiffe://prod.example/x/'],
    ['nothing but a slash', 'spiffe://prod.example/'],
    ['a dot', 'spiffe://prod.example/./x'],
    ['two dots', 'spiffe://prod.example/x/..'],
    ['no trust domain', 'spiffe:///x'],
    ['a line end', 'spiffe://prod.example/x\n'],
    ['another script', 'spiffe://prоd.example/x'],
    ['too many characters', `spiffe://prod.example/${'x'.repeat(2_048)}`],
  ])('refuses %s', (_name, id) => {
    expect(trustDomainOf(id)).toBeUndefined();
  });
});
