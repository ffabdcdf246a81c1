/** Reads YAML strictly, and remembers the line of each value, so that a problem can name it. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Composer,
  type CST,
  Lexer,
  LineCounter,
  Parser,
  type Document,
  type Node,
  visit,
  YAMLParseError,
  type YAMLError,
} from 'yaml';
import type { Pause } from '../shared/pause.js';
import { stepsOf, type ConfigurationProblem } from '../shared/configuration/place.js';

/** Anchors are welcome, a bomb made of them is not. */
const MOST_ALIASES = 100;

/** Between two pauses: a fraction of a millisecond. */
const LEXEMES_AT_ONCE = 100;

/** What a YAML text says, and where it says it. */
export interface YamlText {
  /** Plain mappings, lists, texts, numbers, truth values and nulls. */
  readonly value: unknown;
  /** The line of a path, or of the nearest mapping around it that is there. */
  lineOf(path: string): number | undefined;
}

/** The text is not YAML as we accept it. */
export class YamlInvalid extends Error {
  override readonly name = 'YamlInvalid';

  constructor(readonly problems: readonly ConfigurationProblem[]) {
    super('not valid YAML');
  }
}

/**
 * Parses one YAML 1.2 document of which JSON is a part: no duplicate key, no custom tag, keys are texts. Pauses while it
 * takes the text apart, which is most of the work.
 * @throws {YamlInvalid} with every problem; none of them quotes the text, which may hold secrets
 */
export async function parseYaml(text: string, pause: Pause): Promise<YamlText> {
  const lines = new LineCounter();
  const document = await parse(text, lines, pause);
  await pause();
  const wrong = [...document.errors, ...document.warnings, ...danglingAliases(document, text)];
  if (wrong.length > 0) throw new YamlInvalid(wrong.map((error) => problemOf(error, lines)));
  return {
    value: valueOf(document),
    lineOf: (path) => lineOf(document, lines, path),
  };
}

async function parse(text: string, lines: LineCounter, pause: Pause): Promise<Document.Parsed> {
  const parser = new Parser(lines.addNewLine);
  const composer = new Composer({ version: '1.2', stringKeys: true, prettyErrors: false });
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if ((lexemes += 1) % LEXEMES_AT_ONCE === 0) await pause();
  }
  tokens.push(...parser.end());
  await pause();
  try {
    return only([...composer.compose(tokens, true, text.length)]);
  } catch {
    throw new YamlInvalid([tooDeep]);
  }
}

/** The first document; where there are more, that is one of its errors. */
function only([document, another]: readonly Document.Parsed[]): Document.Parsed {
  if (!document) throw new Error('a composer that is forced to makes a document');
  const [start, end] = another?.range ?? [0, 0];
  if (another) document.errors.push(new YAMLParseError([start, end], 'MULTIPLE_DOCS', ''));
  return document;
}

function valueOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    throw new YamlInvalid([cause instanceof RangeError ? tooDeep : tooManyAliases]);
  }
}

const tooDeep = { path: '', found: 'a text that nests too deeply', expected: 'a configuration' };
const tooManyAliases = {
  path: '',
  found: 'aliases that repeat too much',
  expected: `anchors used at most ${MOST_ALIASES} times`,
};

/** Aliases of nothing, and of what they are a part of: the parser lets them pass. */
function danglingAliases(document: Document.Parsed, text: string): readonly YAMLError[] {
  if (!text.includes('*')) return [];
  const errors: YAMLError[] = [];
  visit(document, {
    Alias(_key, alias, ancestors) {
      const [start = 0, end = start] = alias.range ?? [];
      const target = alias.resolve(document);
      if (!target || ancestors.includes(target)) errors.push(new YAMLParseError([start, end], 'BAD_ALIAS', ''));
    },
  });
  return errors;
}

/** The parser's own messages quote the text; these do not. */
const sentences: Readonly<Record<string, readonly [found: string, expected: string]>> = {
  BAD_ALIAS: [
    'an alias of nothing, or of what it is part of',
    'an anchor before it; a text that starts with * in quotes',
  ],
  BAD_DQ_ESCAPE: ['an unknown escape sequence', 'the text in single quotes, or the backslash twice'],
  BAD_INDENT: [
    'an indentation that fits nothing around it',
    'the indentation of its neighbours, or a closing bracket before',
  ],
  BAD_SCALAR_START: ['a text that starts with a reserved character', 'the text in quotes'],
  BLOCK_AS_IMPLICIT_KEY: ['a mapping inside of a mapping on one line', 'a text with ": " in quotes, or a new line'],
  DUPLICATE_KEY: ['a key that was there before', 'each key once'],
  MISSING_CHAR: ['a bracket, quote, comma or colon too few', 'the missing character'],
  MULTILINE_IMPLICIT_KEY: ['a key on several lines', 'a colon after the key, or quotes around the text'],
  MULTIPLE_DOCS: ['more than one document', 'one document, without --- inside'],
  NON_STRING_KEY: ['a key that is not a text', 'the key in quotes'],
  TAB_AS_INDENT: ['a tab', 'spaces'],
  TAG_RESOLVE_FAILED: ['a tag', 'a plain value'],
};

function problemOf(error: YAMLError, lines: LineCounter): ConfigurationProblem {
  const { line, col } = lines.linePos(error.pos[0]);
  const [found, expected] = sentences[error.code] ?? ['something that YAML does not allow here', 'valid YAML'];
  return { path: `line ${line}, column ${col}`, found, expected, line };
}

function lineOf(document: Document.Parsed, lines: LineCounter, path: string): number | undefined {
  let node: Node | null | undefined = document.contents;
  let offset = node?.range?.[0];
  for (const key of stepsOf(path)) {
    const [next, start] = childOf(isAlias(node) ? node.resolve(document) : node, key);
    if (start === undefined) break;
    [node, offset] = [next, start];
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

/** The value under `key`, and where its key (of a list: itself) begins. */
function childOf(node: Node | null | undefined, key: string | number): readonly [Node | undefined, number | undefined] {
  if (isMap(node)) {
    const pair = node.items.find((each) => isScalar(each.key) && each.key.value === key);
    const start = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
    return [pair?.value as Node | undefined, start];
  }
  if (!isSeq(node) || typeof key !== 'number') return [undefined, undefined];
  const item = node.items[key] as Node | undefined;
  return [item, item?.range?.[0]];
}
