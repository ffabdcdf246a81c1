/** Fields of the configuration for header fields that a server of keys demands, such as a credential. */
import { describeKind } from '../shared/configuration/describe.js';
import { declareField, FileText, unreadable, type FieldOptions, type Reading } from '../shared/configuration/field.js';
import type { Place } from '../shared/configuration/place.js';
import { isMapping, refuseUnknownKeys } from '../shared/configuration/read-section.js';

/** What a server of keys may demand: nobody needs more, and each is sent with every request. */
const MOST_HEADERS = 16;
/** Characters of one value; a signed credential of a gateway takes about 4000. */
const LONGEST_VALUE = 8_192;

/** A field name (RFC 9110 §5.6.2). */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
/** A field value (RFC 9110 §5.5) of ASCII: no line end can start another header. */
const visible = /^[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?$/;

/** Headers that are about this one connection (RFC 9110 §7.6.1), or that say where a message goes and where it ends. */
const ofTheConnection: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers that decide what an answer means here: with another value it would be read as something that it is not. */
const ofTheAnswer: ReadonlySet<string> = new Set([
  'accept-encoding',
  'cache-control',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
  'traceparent',
  'tracestate',
]);

/** Values of request headers by name; each comes from a file, because such headers are secrets. */
export type RequestHeaderFiles = ReadonlyMap<string, FileText>;

/** A mapping from the name of a request header to the file that holds its value. */
export function RequestHeadersField(description: string, options: FieldOptions = {}): PropertyDecorator {
  const file = { type: 'object', properties: { file: { type: 'string', minLength: 1 } }, required: ['file'] };
  return declareField({
    ...options,
    description,
    type: 'mapping of header names to `{ file: … }`',
    schema: {
      type: 'object',
      maxProperties: MOST_HEADERS,
      propertyNames: { pattern: token.source },
      additionalProperties: { ...file, additionalProperties: false },
    },
    read: readHeaders,
  });
}

function readHeaders(raw: unknown, place: Place, reading: Reading): RequestHeaderFiles | typeof unreadable {
  if (!isMapping(raw)) {
    place.refuse(describeKind(raw), 'a mapping such as { api-key: { file: /run/secrets/api-key } }');
    return unreadable;
  }
  const headers = new Map<string, FileText>();
  if (Object.keys(raw).length > MOST_HEADERS) place.refuse('too many headers', `at most ${MOST_HEADERS}`);
  for (const [name, value] of Object.entries(raw)) {
    const at = place.at(name);
    const defect = nameDefect(name) ?? (headers.has(name.toLowerCase()) ? twice : undefined);
    if (defect) at.refuse(defect.found, defect.expected);
    const file = readFile(value, at, reading);
    if (!defect && file) headers.set(name.toLowerCase(), file);
  }
  return place.isSound ? headers : unreadable;
}

interface Defect {
  readonly found: string;
  readonly expected: string;
}

const twice: Defect = { found: 'a header that is there already', expected: 'each header once; names have no case' };

function nameDefect(written: string): Defect | undefined {
  const name = written.toLowerCase();
  if (!token.test(name))
    return { found: 'not the name of a header', expected: 'a name such as api-key (RFC 9110 §5.1)' };
  if (ofTheConnection.has(name)) {
    return {
      found: 'a header of the connection itself',
      expected: 'another one: this one is set by what makes the connection (RFC 9110 §7.6.1)',
    };
  }
  if (!ofTheAnswer.has(name)) return undefined;
  return { found: 'a header that we set ourselves', expected: 'another one: this one decides how the answer is read' };
}

function readFile(raw: unknown, place: Place, reading: Reading): FileText | undefined {
  if (!isMapping(raw) || typeof raw['file'] !== 'string' || raw['file'] === '') {
    place.refuse(describeKind(raw), '{ file: /path }: the value is a secret, and is read again when the file changes');
    return undefined;
  }
  refuseUnknownKeys(raw, ['file'], place);
  const file = reading.file(raw['file'], place);
  if (!(file instanceof FileText)) {
    place.at('file').refuse(file, 'the name of a file that can be read');
    return undefined;
  }
  const value = headerValueOf(file);
  if (value.length <= LONGEST_VALUE && visible.test(value)) return file;
  place.at('file').refuse('something else', `one line of visible ASCII characters, at most ${LONGEST_VALUE}`);
  return undefined;
}

/** The value of a header as it is sent: files that people write end in a line feed. */
export function headerValueOf({ text }: FileText): string {
  return text.trim();
}
