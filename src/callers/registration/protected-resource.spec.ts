import { describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../../test/builders/recorded-problems.js';
import { aCaller, identifier, type Registration } from '../../../test/callers/reception.js';
import { Written } from '../../shared/configuration/written.js';
import { prepareCaller } from './prepare-callers.js';
import { prepareResource, warnOfSharedPaths } from './protected-resource.js';

function prepare(registration: Registration) {
  const recorded = new RecordedProblems();
  const section = aCaller({ proxy: true, audiences: ['https://api.corp.example'], ...registration });
  return { prepared: prepareCaller(section, recorded.place('callers[0]'), { identifier }), recorded };
}

describe('a protected resource', () => {
  it.each([
    ['https://api.corp.example', '', []],
    ['https://api.corp.example/', '', []],
    ['https://api.corp.example/orders', '/orders', ['orders']],
    ['https://api.corp.example:8443/a%20b/c', '/a%20b/c', ['a b', 'c']],
    ['http://127.0.0.1:8000/mcp', '/mcp', ['mcp']],
  ])('RFC 9728 §3.1 the document of %s is where its path is inserted', (resource, path, segments) => {
    const { prepared, recorded } = prepare({ resource });
    expect([recorded.problems, recorded.warnings]).toEqual([[], []]);
    const documentUrl = `${new URL(resource).origin}/.well-known/oauth-protected-resource${path}`;
    expect(prepared?.proxy).toMatchObject({
      resource: { identifier: resource, segments, documentUrl },
      resourceMetadata: documentUrl,
    });
  });

  it.each([
    'orders',
    'http://api.corp.example',
    'https://user:word@api.corp.example',
    'https://api.corp.example/orders#top',
    'https://api.corp.example/orders?page=1',
    'https://API.corp.example/orders',
    'https://api.corp.example:443/orders',
    'https://api.corp.example/a/../b',
    'https://api.corp.example/"',
    'https://api.corp.example/orders/',
    'https://api.corp.example/a//b',
    'https://api.corp.example/%zz',
    'https://api.corp.example/1/2/3/4/5/6/7/8/9',
  ])('is none that clients would write otherwise, or that no document could be found for: %s', (resource) => {
    const recorded = new RecordedProblems();
    expect(prepareResource(resource, recorded.place('resource'))).toBeUndefined();
    expect(recorded.paths).toEqual(['resource']);
  });

  it('that takes tokens of every audience is warned of', () => {
    const { recorded } = prepare({ audiences: 'any', resource: 'https://api.corp.example' });
    const found = 'any, beside resource';
    expect(recorded.warnings).toEqual([expect.objectContaining({ path: 'callers[0].audiences', found })]);
  });

  it('that has its path in common with another one is warned of', () => {
    const recorded = new RecordedProblems();
    const resources = ['https://a.example', 'https://b.example/', 'https://c.example/c', undefined, 'no URL'];
    warnOfSharedPaths(resources.map((each, i) => new Written(each, recorded.place(`callers[${i}].resource`))));
    expect(recorded.warnings).toMatchObject([
      { path: 'callers[1].resource', found: 'the same as callers[0].resource' },
    ]);
  });
});
