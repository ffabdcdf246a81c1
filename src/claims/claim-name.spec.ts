import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../shared/json-value.js';
import { parseStrictJson } from '../shared/strict-json.js';
import { claimAbsence, claimNameDefect, claimReader, claimText, stepsTo, type ClaimName } from './claim-name.js';

const parsed = (text: string) => parseStrictJson(Buffer.from(text)) as JsonObject;

const token = parsed(`{
  "sub": "alice", "https://x/roles": ["r"], "a.b": 1, "/a/b": 2, "realm_access": { "roles": ["admin", "user"] },
  "a": { "b": 3, "b/c": 4, "m~n": 5, "": 6, "0": 7 }, "list": [{ "id": "first" }, "second"], "none": null,
  "__proto__": { "roles": ["evil"] }
}`);

const read = (name: ClaimName, claims = token) => claimReader(name)(claims);

describe('the name of a claim', () => {
  it.each<[ClaimName, unknown]>([
    ['sub', 'alice'],
    ['https://x/roles', ['r']],
    ['a.b', 1],
    [['/a/b'], 2],
    ['/~1a~1b', 2],
    ['/sub', 'alice'],
    [['sub'], 'alice'],
    ['none', null],
  ])('%j is a claim of its own', (name, value) => {
    expect(read(name)).toEqual(value);
  });

  it.each<[ClaimName, unknown]>([
    ['/realm_access/roles', ['admin', 'user']],
    [
      ['realm_access', 'roles'],
      ['admin', 'user'],
    ],
    ['/a/b', 3],
    ['/a/b~1c', 4],
    [['a', 'b/c'], 4],
    ['/a/m~0n', 5],
    [['a', 'm~n'], 5],
    ['/a/0', 7],
    ['/realm_access/roles/1', 'user'],
    ['/list/0/id', 'first'],
  ])('%j leads to a claim within others', (name, value) => {
    expect(read(name)).toEqual(value);
  });

  it.each<[ClaimName]>([
    ['realm_access.roles'],
    ['realm_access/roles'],
    [['realm_access', 'roles', '0']],
    ['/realm_access/roles/2'],
    ['/realm_access/roles/01'],
    ['/realm_access/roles/-'],
    ['/realm_access/roles/length'],
    [['realm_access', 'roles', 'length']],
    ['/sub/length'],
    ['/sub/0'],
    ['/none/x'],
    ['/absent/x'],
    ['/a/b/c'],
  ])('%j leads nowhere', (name) => {
    expect(read(name)).toBeUndefined();
  });

  it.each(['constructor', 'toString', '__proto__', '/constructor/name', '/a/constructor', '/a/toString/name'])(
    '%s finds nothing that objects inherit',
    (name) => {
      expect(read(name, { a: {} })).toBeUndefined();
    },
  );

  it('finds a member of a token whatever it is called', () => {
    expect(read('/__proto__/roles')).toEqual(['evil']);
  });

  it.each<[ClaimName, RegExp]>([
    ['/a/~2', /~ is written ~0/],
    ['/a~', /~ is written ~0/],
    ['/', /a name in each step/],
    ['/a/', /a name in each step/],
    ['/a//b', /a name in each step/],
    [['a', ''], /a name in each step/],
    [[], /a name in each step/],
    ['', /a name in each step/],
    [Array.from({ length: 33 }, () => 'a'), /nested deeper/],
  ])('%j is none', (name, better) => {
    expect(claimNameDefect(name)).toMatch(better);
    expect(() => claimReader(name)).toThrow(RangeError);
  });

  it.each<[ClaimName, string]>([
    ['sub', 'sub'],
    ['/sub', 'sub'],
    [['sub'], 'sub'],
    ['https://x/roles', 'https://x/roles'],
    [['a', 'b/c'], '/a/b~1c'],
    ['/a/b~1c', '/a/b~1c'],
    [['/a'], '/~1a'],
  ])('%j is written %s, which means the same', (name, text) => {
    expect(claimText(name)).toBe(text);
    expect(stepsTo(text)).toEqual(stepsTo(name));
  });
});

describe('the absence of a claim', () => {
  const isAbsent = (name: ClaimName, text: string) => claimAbsence(name)(parsed(text));

  it('is that no object has it', () => {
    expect(isAbsent('azp', '{}')).toBe(true);
    expect(isAbsent('/o/rol', '{}')).toBe(true);
    expect(isAbsent('/o/rol', '{"o":{}}')).toBe(true);
    expect(isAbsent('/l/1', '{"l":["x"]}')).toBe(true);
    expect(claimAbsence('constructor')({})).toBe(true);
  });

  it.each(['{"azp":""}', '{"azp":null}', '{"azp":[]}'])('is not that it says nothing: %s', (text) => {
    expect(isAbsent('azp', text)).toBe(false);
  });

  it.each(['{"o":"text"}', '{"o":null}', '{"o":[]}', '{"o":7}', '{"o":{"rol":null}}'])(
    'is not that something else is in its place: %s',
    (text) => {
      expect(isAbsent(['o', 'rol'], text)).toBe(false);
      expect(isAbsent('/o/rol', text)).toBe(false);
    },
  );
});
