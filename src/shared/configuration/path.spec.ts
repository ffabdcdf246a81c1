import { describe, expect, it } from 'vitest';
import { pathTo, stepsOf } from './path.js';

describe('paths', () => {
  it.each([
    ['', 'server', 'server'],
    ['issuers[0]', 'keys', 'issuers[0].keys'],
    ['server', 'odd key', 'server["odd key"]'],
    ['', 'a.b', '["a.b"]'],
    ['a', '', 'a[""]'],
    ['a', '0', 'a["0"]'],
  ])('%j and %j are %j', (parent, key, path) => {
    expect(pathTo(parent, key)).toBe(path);
  });

  it.each(['plain', 'odd key', 'a.b', '', 'with "quotes"', 'back\\slash', '[0]', '0'])('%j is found again', (key) => {
    expect(stepsOf(`${pathTo('issuers[3]', key)}[1]`)).toEqual(['issuers', 3, key, 1]);
  });
});
