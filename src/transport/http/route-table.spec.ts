import { beforeEach, describe, expect, it } from 'vitest';
import { RouteTable } from './route-table.js';

interface Named {
  readonly name: string;
}

describe('RouteTable', () => {
  let table: RouteTable<Named>;

  beforeEach(() => {
    table = new RouteTable();
    for (const route of [
      'GET /',
      'GET /a',
      'POST /a',
      'POST /only-post',
      'GET /things/:id',
      'DELETE /things/:id',
      'POST /things/fixed',
      'POST /things/:id/keys/:key',
      'GET /things/:id/keys/first',
    ]) {
      const [method = '', path = ''] = route.split(' ');
      table.add(method, path, { name: route });
    }
    table.add(undefined, '/any', { name: 'any' });
    table.add('GET', '/any', { name: 'GET /any' });
  });

  function find(method: string, target: string) {
    const { target: found, params, allowed, isMalformed } = table.find(method, target);
    if (found) return [found.name, { ...params }];
    return isMalformed ? 'malformed' : [...allowed];
  }

  it.each([
    ['GET', '/', 'GET /', {}],
    ['GET', '/a', 'GET /a', {}],
    ['GET', '/a?b=/things/1', 'GET /a', {}],
    ['GET', '/a?', 'GET /a', {}],
    ['POST', '/a', 'POST /a', {}],
    ['HEAD', '/a', 'GET /a', {}],
    ['GET', '/%61', 'GET /a', {}],
    ['GET', '/a#b', 'GET /a', {}],
    ['GET', 'http://assay.example/a?b', 'GET /a', {}],
    ['GET', 'HTTPS://assay.example:8443/%61', 'GET /a', {}],
    ['GET', 'http://assay.example', 'GET /', {}],
    ['GET', 'http://assay.example?a', 'GET /', {}],
    ['GET', '/things/7', 'GET /things/:id', { id: '7' }],
    ['HEAD', '/things/7?x', 'GET /things/:id', { id: '7' }],
    ['GET', '/things/a%2Fb', 'GET /things/:id', { id: 'a/b' }],
    ['GET', '/things/%252F', 'GET /things/:id', { id: '%2F' }],
    ['GET', '/things/:id', 'GET /things/:id', { id: ':id' }],
    ['GET', '/things/fixed', 'GET /things/:id', { id: 'fixed' }],
    ['POST', '/things/fixed', 'POST /things/fixed', {}],
    ['POST', '/things/7/keys/k', 'POST /things/:id/keys/:key', { id: '7', key: 'k' }],
    ['GET', '/things/7/keys/first', 'GET /things/:id/keys/first', { id: '7' }],
    ['POST', '/things/7/keys/first', 'POST /things/:id/keys/:key', { id: '7', key: 'first' }],
    ['PURGE', '/any', 'any', {}],
    ['GET', '/any', 'GET /any', {}],
  ])('%s %s is %s', (method, target, name, params) => {
    expect(find(method, target)).toEqual([name, params]);
  });

  it.each([
    ['PUT', '/a', ['GET', 'HEAD', 'POST']],
    ['GET', '/only-post', ['POST']],
    ['HEAD', '/only-post?x', ['POST']],
    ['PUT', '/things/7', ['DELETE', 'GET', 'HEAD']],
    ['PUT', '/things/fixed', ['DELETE', 'GET', 'HEAD', 'POST']],
    ['DELETE', '/things/7/keys/first', ['GET', 'HEAD', 'POST']],
  ])('%s %s is not allowed, and says what is', (method, target, allowed) => {
    expect(find(method, target)).toEqual(allowed);
  });

  it.each([
    '/b',
    '/a/',
    '//a',
    '/A',
    '/a;b',
    '/things',
    '/things/',
    '/things//keys/k',
    '/things%2F7',
    '*',
    'a',
    '',
    '?a',
    'ftp://a/a',
  ])('there is no %s', (target) => {
    expect(find('GET', target)).toEqual([]);
  });

  it.each([
    '/%',
    '/a%zz',
    '/things/%ff',
    '/things/%c0%ae',
    'http://a/%zz',
    'http:///a',
    'https://',
    'http://:80/a',
    'http://a:b/a',
  ])('%s is not properly encoded, or no URI', (target) => {
    expect(find('GET', target)).toBe('malformed');
  });

  it('what is wrong in a query is not about the path', () => {
    expect(find('GET', '/a?%zz')).toEqual(['GET /a', {}]);
  });

  it('has one handler for a method and a path', () => {
    expect(() => {
      table.add('GET', '/a', { name: 'again' });
    }).toThrow('GET /a has two handlers');
    expect(() => {
      table.add(undefined, '/any', { name: 'again' });
    }).toThrow('every method /any has two handlers');
    expect(() => {
      table.add('HEAD', '/a', { name: 'own HEAD' });
    }).not.toThrow();
    expect(find('HEAD', '/a')).toEqual(['own HEAD', {}]);
  });

  it('a parameter is never a property that every object has', () => {
    expect(Object.getPrototypeOf(table.find('GET', '/things/1').params)).toBeNull();
  });
});
