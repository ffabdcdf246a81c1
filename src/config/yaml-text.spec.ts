import { describe, expect, it } from 'vitest';
import { noPause } from '../shared/pause.js';
import { parseYaml, YamlInvalid, type YamlText } from './yaml-text.js';

const text = `# a comment
server:
  http: { host: 127.0.0.1,
          port: 8080 }
issuers:
  - id: corp
    "odd key": 1
  - &second
    id: shop
  - *second
`;

function parsed(yaml: string): Promise<YamlText> {
  return parseYaml(yaml, noPause);
}

async function problemsOf(yaml: string): Promise<readonly { found: string; path: string; line?: number }[]> {
  try {
    await parsed(yaml);
  } catch (error) {
    if (error instanceof YamlInvalid) return error.problems;
    throw error;
  }
  return [];
}

describe('YAML', () => {
  it('says what is written', async () => {
    expect((await parsed(text)).value).toEqual({
      server: { http: { host: '127.0.0.1', port: 8080 } },
      issuers: [{ id: 'corp', 'odd key': 1 }, { id: 'shop' }, { id: 'shop' }],
    });
  });

  it.each([
    ['server', 2],
    ['server.http', 3],
    ['server.http.port', 4],
    ['server.http.missing', 3],
    ['issuers[0].id', 6],
    ['issuers[0]["odd key"]', 7],
    ['issuers[1].id', 9],
    ['issuers[2]', 10],
    ['issuers[2].id', 9],
    ['issuers[7]', 5],
    ['nowhere.at.all', 2],
    ['', 2],
  ])('%s is on line %d', async (path, line) => {
    expect((await parsed(text)).lineOf(path)).toBe(line);
  });

  it('understands JSON, and knows that yes is a word and not a truth value', async () => {
    expect((await parsed('{"a":[1,2.5,true,null,"x"],"b":{}}')).value).toEqual({ a: [1, 2.5, true, null, 'x'], b: {} });
    expect((await parsed('a: yes\nb: 0o17\nc: 2026-01-01')).value).toEqual({ a: 'yes', b: 15, c: '2026-01-01' });
  });

  it.each([
    ['a: 1\na: 2\n', 'a key that was there before', 2],
    ['a:\n\t- b\n', 'a tab', 2],
    ['a: [1, 2\n', 'an indentation that fits nothing around it', 2],
    ['a: "x\n', 'a bracket, quote, comma or colon too few', 2],
    ['a: *nobody\n', 'an alias of nothing, or of what it is part of', 1],
    ['a: !!js/function x\n', 'a tag', 1],
    ['a: 1\n---\nb: 2\n', 'more than one document', 2],
    ['a: b: c\n', 'a mapping inside of a mapping on one line', 1],
    ['? [a]\n: b\n', 'a key that is not a text', 1],
    ['a: `x`\n', 'a text that starts with a reserved character', 1],
    ['a: "\\q"\n', 'an unknown escape sequence', 1],
  ])('refuses %j: %s, line %d', async (yaml, found, line) => {
    const [problem] = await problemsOf(yaml);
    expect(problem).toMatchObject({ found, line });
    expect(problem?.path).toMatch(/^line \d+, column \d+$/);
  });

  it('reports several problems at once', async () => {
    expect(await problemsOf('a: 1\na: 2\nb: *nobody\n')).toHaveLength(2);
  });

  it('never quotes the text', async () => {
    const secret = 'hunter2hunter2';
    const broken = [
      `${secret}\n  a: 1`,
      `a: "${secret}`,
      `a: *${secret}`,
      `{ ${secret}`,
      `a: @${secret}`,
      `a: ]${secret}`,
    ];
    for (const yaml of [...broken, `a: !${secret} x`, `%${secret}\n---\na: 1`]) {
      expect((await problemsOf(yaml)).length, yaml).toBeGreaterThan(0);
      expect(JSON.stringify(await problemsOf(yaml))).not.toContain(secret);
    }
  });

  it('refuses a bomb of aliases, an alias of itself and bottomless nesting', async () => {
    const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(12)}]`);
    expect(await problemsOf(`l0: &l0 x\n${levels.join('\n')}`)).toMatchObject([
      { found: expect.stringContaining('aliases') },
    ]);
    expect((await problemsOf('a: &a [*a]')).length).toBeGreaterThan(0);
    expect((await problemsOf('['.repeat(100_000))).length).toBeGreaterThan(0);
  });

  it('keeps a key called __proto__ a key', async () => {
    const { value } = await parsed('__proto__: { polluted: true }');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
