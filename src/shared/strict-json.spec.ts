import fc from 'fast-check';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from './json-value.js';
import { parseStrictJson, readStrictJson, stringifyJson, StrictJsonError } from './strict-json.js';

const parse = (text: string, limits = {}): JsonValue => parseStrictJson(Buffer.from(text), limits);
const refuses = (text: string | Uint8Array, limits = {}): void => {
  expect(() => parseStrictJson(typeof text === 'string' ? Buffer.from(text) : text, limits)).toThrow(StrictJsonError);
};

describe('parseStrictJson', () => {
  it('agrees with JSON.parse on everything that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (json, indent) => {
        const value: unknown = JSON.parse(json);
        const text = JSON.stringify(value, undefined, indent);
        expect(JSON.parse(stringifyJson(parse(text, { members: 100_000 })))).toEqual(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('accepts nothing that JSON.parse refuses, and means the same where it accepts', () => {
    const letters = [
      ...'{}[]",:\\/u0019d8eE+-. \n\t'.split(''),
      'true',
      'false',
      'null',
      '"a"',
      '\\u00e9',
      '\u00e9',
      '\u{1f600}',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...letters), { maxLength: 24 }), (pieces) => {
        const text = pieces.join('');
        const ours = attempt(() => JSON.parse(stringifyJson(parse(text))) as unknown);
        const theirs = attempt(() => JSON.parse(text) as unknown);
        if (ours.ok) expect(JSON.stringify(theirs)).toBe(JSON.stringify(ours));
      }),
      { numRuns: 20_000 },
    );
  });

  it('never throws anything but its own error, whatever the octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
        const result = attempt(() => parseStrictJson(octets));
        if (!result.ok) expect(result.error).toBeInstanceOf(StrictJsonError);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '[{"x":{"b":1,"\\u0062":1}}]',
    '{"__proto__":1,"__proto__":1}',
    '{"":1,"":2}',
  ])('R7519-01 refuses the duplicate member of %s', (text) => {
    refuses(text);
  });

  it('keeps every name as a member like any other', () => {
    const value = parse('{"__proto__":{"polluted":1},"constructor":2,"hasOwnProperty":3,"1":4}') as Record<
      string,
      unknown
    >;
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.keys(value).sort()).toEqual(['1', '__proto__', 'constructor', 'hasOwnProperty']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each(['"\\ud800"', '"\\udc00"', '"\\udc00\\ud800"', '{"\\ud800":1}', '"\\ud83d\\u0061"'])(
    'RFC 7493 refuses the lone surrogate of %s',
    (text) => {
      refuses(text);
    },
  );

  it('takes a surrogate pair as one letter', () => {
    expect(parse('"\\ud83d\\ude00"')).toBe('\u{1f600}');
  });

  it.each([
    '\ufeff{}',
    '{} x',
    '{}{}',
    '',
    ' ',
    '{"a":1,}',
    '[1,]',
    '[,]',
    '{,}',
    "{'a':1}",
    '{a:1}',
    '"a\nb"',
    '"\\x41"',
    '"\\u12"',
    '"abc',
    '"a\\',
    '01',
    '+1',
    '.5',
    '5.',
    '1e',
    '-',
    '--1',
    'NaN',
    'Infinity',
    'tru',
    'nulll',
    '{"a" 1}',
    '{1:1}',
    '[1 2]',
    '/**/1',
    '\u00a01',
  ])('refuses %j', (text) => {
    refuses(text);
  });

  it.each([[0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0x80], [0xff, 0xfe, 0x31, 0]])(
    'refuses octets that are not UTF-8: %j',
    (...octets) => {
      refuses(Uint8Array.from(octets));
      refuses(Uint8Array.from([0x22, ...octets, 0x22]));
    },
  );

  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['18446744073709551615', 18446744073709551615n],
    ['1e3', 1000],
    ['1.5', 1.5],
    ['-0', -0],
  ])('R7662-31 reads %s without rounding, and writes it back', (literal, value) => {
    expect(parse(literal)).toBe(value);
    expect(stringifyJson(parse(`{"id":[${literal}]}`))).toBe(
      `{"id":[${typeof value === 'bigint' ? literal : JSON.stringify(value)}]}`,
    );
  });

  it.each(['1e400', '-1e400', '1e999999', '9'.repeat(65), `0.${'1'.repeat(64)}`, `1e${'0'.repeat(64)}1`])(
    'refuses a number that is too long or too large: %s',
    (text) => {
      refuses(text);
    },
  );

  it('C-12 bounds depth, in arrays, objects and both', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
      ['[{"a":', '}]'],
    ] as const) {
      const levels = (open.match(/[[{]/g) ?? []).length;
      const deep = (count: number) => open.repeat(count) + '1' + close.repeat(count);
      expect(() => parse(deep(32 / levels))).not.toThrow();
      refuses(deep(32 / levels + 1));
      refuses(open.repeat(1_000_000));
    }
    expect(() => parse('[[1]]', { depth: 2 })).not.toThrow();
    refuses('[[1]]', { depth: 1 });
  });

  it('C-13 bounds the members of the whole text', () => {
    const object = (count: number) => `{${Array.from({ length: count }, (_, i) => `"${i}":0`).join(',')}}`;
    expect(() => parse(object(1000))).not.toThrow();
    refuses(object(1001));
    refuses(`[${object(600)},${object(600)}]`);
    expect(() => parse(object(1001), { members: 1001 })).not.toThrow();
  });

  it.each([
    ['numbers', `[${'0,'.repeat(500_000)}0]`],
    ['escapes', `"${'\\u0041'.repeat(200_000)}"`],
    ['white space', `${' '.repeat(1_000_000)}1`],
    ['a string without an end', `"${'a'.repeat(1_000_000)}`],
    ['strings without an end in a row', '["a'.repeat(300_000)],
    ['digits', '1'.repeat(1_000_000)],
  ])('C-13 takes a megabyte of %s in linear time', (_name, text) => {
    const bytes = Buffer.from(text);
    const start = process.hrtime.bigint();
    attempt(() => parseStrictJson(bytes));
    // Milliseconds in fact; minutes if anything here were quadratic.
    expect(process.hrtime.bigint() - start).toBeLessThan(2_000_000_000n);
  });

  it('says nothing of the text in its errors', () => {
    for (const text of ['{"secret":', '["secret" secret]', '"secret\\x"', '{"secret":1,"secret":2}']) {
      const result = attempt(() => parse(text));
      expect(result.ok).toBe(false);
      if (!result.ok) expect(inspect(result.error)).not.toMatch(/"secret/);
    }
  });
});

describe('readStrictJson', () => {
  it('gives the value, and undefined for what is not strict JSON or beyond the limits', () => {
    const read = (text: string) => readStrictJson(Buffer.from(text), { members: 1 });
    expect([read('{"a":1}'), read('null')]).toEqual([{ a: 1 }, null]);
    for (const text of ['', '{"a":1,"b":2}', '{"a":1,"a":1}', '[1] ]']) expect(read(text)).toBeUndefined();
  });
});

describe('stringifyJson', () => {
  it('leaves out members that are undefined, and keeps the rest', () => {
    expect(stringifyJson({ a: undefined, b: [1, 'x', null, true, { c: 2n ** 64n }] })).toBe(
      '{"b":[1,"x",null,true,{"c":18446744073709551616}]}',
    );
  });

  it('writes text that looks like a bigint as text', () => {
    expect(stringifyJson({ a: '18446744073709551616', b: 2n ** 64n })).toBe(
      '{"a":"18446744073709551616","b":18446744073709551616}',
    );
  });
});

type Attempt = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

function attempt(work: () => unknown): Attempt {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error };
  }
}
