import type { JsonObject, JsonValue } from './json-value.js';

declare global {
  interface JSON {
    /** Node 24 has it; the compiler's library does not know it yet. */
    rawJSON(text: string): unknown;
  }
}

/** Bounds on one JSON text, so that no input costs more than its own length. */
export interface JsonLimits {
  /** Deepest nesting of objects and arrays; also what keeps the recursion short. At most 1000. */
  readonly depth: number;
  /** Most object members in the whole text. */
  readonly members: number;
  /** Longest number literal, in characters. */
  readonly numberLength: number;
}

/** Generous for any token, small for any attack. */
export const defaultJsonLimits: JsonLimits = { depth: 32, members: 1000, numberLength: 64 };

/** The text is not JSON as we accept it. The message is a constant sentence, never a piece of the text. */
export class StrictJsonError extends Error {
  override readonly name = 'StrictJsonError';
}

// The BOM is kept, so that the parser sees and refuses it (RFC 8259 §8.1).
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses JSON strictly (RFC 8259 as narrowed by RFC 7493): UTF-8 only, no duplicate member at any depth, no lone
 * surrogate, nothing after the value. Integers that a double would round become `bigint`; objects have no prototype.
 * @throws {StrictJsonError}
 */
export function parseStrictJson(bytes: Uint8Array, limits: Partial<JsonLimits> = {}): JsonValue {
  return new StrictJsonParser(decodeUtf8(bytes), { ...defaultJsonLimits, ...limits }).document();
}

/** The same for texts that anybody may have written. @returns undefined where it is not strict JSON, which no value is */
export function readStrictJson(bytes: Uint8Array, limits?: Partial<JsonLimits>): JsonValue | undefined {
  try {
    return parseStrictJson(bytes, limits);
  } catch (error) {
    if (error instanceof StrictJsonError) return undefined;
    throw error;
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new StrictJsonError('not valid UTF-8');
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const needsCare = /[\\\u0000-\u001f]/;
const numberToken = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

/**
 * Its prototype is taken away when the object is complete: one that never had any is a hash table to V8, which takes seven
 * times as long to read, and three times to freeze and to write.
 */
function objectOf(members: readonly (readonly [string, JsonValue])[]): JsonObject {
  const object = Object.fromEntries(members);
  if (Object.keys(object).length < members.length) throw new StrictJsonError('duplicate member');
  return Object.setPrototypeOf(object, null) as JsonObject;
}

/** Recursive descent, as deep as the limit allows. Strings are found by their ends and cut out, never built. */
class StrictJsonParser {
  private at = 0;
  private members = 0;

  constructor(
    private readonly text: string,
    private readonly limits: JsonLimits,
  ) {}

  document(): JsonValue {
    const value = this.value(0);
    this.skipSpace();
    if (this.at < this.text.length) throw new StrictJsonError('text after the value');
    return value;
  }

  private value(depth: number): JsonValue {
    this.skipSpace();
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth + 1);
      case '[':
        return this.array(depth + 1);
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private object(depth: number): JsonObject {
    this.enter(depth);
    const members: (readonly [string, JsonValue])[] = [];
    if (this.accept('}')) return objectOf(members);
    do {
      this.skipSpace();
      const name = this.string();
      if (++this.members > this.limits.members) throw new StrictJsonError('too many members');
      this.expect(':');
      members.push([name, this.value(depth)]);
    } while (this.accept(','));
    this.expect('}');
    return objectOf(members);
  }

  private array(depth: number): readonly JsonValue[] {
    this.enter(depth);
    const array: JsonValue[] = [];
    if (this.accept(']')) return array;
    do array.push(this.value(depth));
    while (this.accept(','));
    this.expect(']');
    return array;
  }

  private enter(depth: number): void {
    if (depth > this.limits.depth) throw new StrictJsonError('nested too deeply');
    this.at++;
  }

  private string(): string {
    if (this.text.charCodeAt(this.at) !== QUOTE) throw new StrictJsonError('string expected');
    const start = this.at + 1;
    const end = this.text.indexOf('"', start);
    if (end === -1) throw new StrictJsonError('string without an end');
    const plain = this.text.slice(start, end);
    if (needsCare.test(plain)) return this.escapedString(start);
    this.at = end + 1;
    return plain;
  }

  /** A string with a backslash somewhere, so that the next quote need not be its end. */
  private escapedString(start: number): string {
    for (let end = start; end < this.text.length; end++) {
      const unit = this.text.charCodeAt(end);
      if (unit === BACKSLASH) end++;
      if (unit !== QUOTE) continue;
      this.at = end + 1;
      return unescape(this.text.slice(start - 1, end + 1));
    }
    throw new StrictJsonError('string without an end');
  }

  private number(): number | bigint {
    numberToken.lastIndex = this.at;
    const match = numberToken.exec(this.text);
    if (!match) throw new StrictJsonError('value expected');
    const [literal, fraction, exponent] = match;
    if (literal.length > this.limits.numberLength) throw new StrictJsonError('number too long');
    this.at += literal.length;
    const value = Number(literal);
    if (!Number.isFinite(value)) throw new StrictJsonError('number out of range');
    const isPlainInteger = fraction === undefined && exponent === undefined;
    return isPlainInteger && !Number.isSafeInteger(value) ? BigInt(literal) : value;
  }

  private word<T extends JsonValue>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw new StrictJsonError('value expected');
    this.at += word.length;
    return value;
  }

  private expect(mark: string): void {
    if (!this.accept(mark)) throw new StrictJsonError('punctuation expected');
  }

  private accept(mark: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  private skipSpace(): void {
    for (; this.at < this.text.length; this.at++) {
      const unit = this.text.charCodeAt(this.at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
    }
  }
}

/**
 * Decodes one quoted string; control characters and bad escapes are JSON.parse's to refuse. A lone surrogate has no
 * UTF-8 and could not be passed on (RFC 7493 §2.1).
 */
function unescape(quoted: string): string {
  const text = parseQuoted(quoted);
  if (!text.isWellFormed()) throw new StrictJsonError('lone surrogate');
  return text;
}

function parseQuoted(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    // Without its cause, which quotes the text.
    throw new StrictJsonError('bad escape or control character');
  }
}

/** Writes JSON; a `bigint` leaves with its own digits, a member that is `undefined` not at all. */
export function stringifyJson(value: JsonValue): string {
  try {
    return JSON.stringify(value);
  } catch {
    // A bigint, which JSON.stringify refuses. Rare, and asking a replacer about every member is slow.
    return JSON.stringify(value, writeBigInt);
  }
}

function writeBigInt(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? JSON.rawJSON(value.toString()) : value;
}
