/** Longest text that a log line carries, in characters: enough for a sentence or a URL, too short for a dump. */
const MAX_TEXT_LENGTH = 256;

/** Longest text that is searched for secrets; what lies behind it is cut off unread. */
const MAX_INSPECTED_LENGTH = 4096;

/** Deepest nesting and most members that a log line carries. They also end cycles. */
const MAX_DEPTH = 6;
const MAX_MEMBERS = 32;

const hidden = '***';

/**
 * What no log line may contain, wherever it hides, and what stands there instead. Every expression is linear in the text.
 */
const unspeakable: readonly (readonly [RegExp, string])[] = [
  // A JOSE header is a JSON object: base64url of `{"`, or of `{` and white space.
  [/eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)*/g, hidden],
  [/(?<![A-Za-z0-9_-])(?:eyA|ewo|ewk|ew0)[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)*/g, hidden],
  // Any other three long segments.
  [/(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}/g, hidden],
  // Credentials of an Authorization header; "bearer token" and the like are our own sentences.
  [/\b(Basic|Bearer|DPoP)\s+(?!(?:token|credential|scheme|auth)[a-z]*\b)[A-Za-z0-9._~+/=-]+/gi, `$1 ${hidden}`],
  // Form and query parameters.
  [/\b(token|access_token|client_secret|client_assertion|password)=[^&\s]*/gi, `$1=${hidden}`],
  // The password of a URL.
  [/(:\/\/[^\s/:@]*:)[^\s/@]+@/g, `$1${hidden}@`],
  // JSON escapes C0 controls by itself; C1 controls and bidirectional overrides would still play with a terminal (H-13).
  [/[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '?'],
];

/** A part of everything that the expressions above find: most texts have none of these, and one search is enough for them. */
const suspicious =
  /eyJ|eyA|ewo|ewk|ew0|\.[A-Za-z0-9_-]{20}|(?:Basic|Bearer|DPoP)\s|[=@\x7f-\x9f\u202a-\u202e\u2066-\u2069]/i;

/** A member whose very name says that its value is a secret, whatever it looks like. */
const secretName = /secret|password|passphrase|authorization|assertion|cookie|^token$/i;

/** `text` without anything that looks like a token or a credential, cut to what a log line carries. */
export function maskText(text: string): string {
  const inspected = text.length > MAX_INSPECTED_LENGTH ? text.slice(0, MAX_INSPECTED_LENGTH) : text;
  const masked = suspicious.test(inspected) ? maskShapes(inspected) : inspected;
  return masked.length > MAX_TEXT_LENGTH ? `${masked.slice(0, MAX_TEXT_LENGTH)}…` : masked;
}

function maskShapes(text: string): string {
  return unspeakable.reduce((left, [shape, replacement]) => left.replace(shape, replacement), text);
}

/** The one place where log fields are made harmless (INV-01): a bounded copy of `value`, masked at every depth. */
export function mask(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
      return maskText(value);
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return value.toString();
    case 'object':
      return value === null ? null : maskObject(value, depth);
    case 'undefined':
    case 'function':
    case 'symbol':
      return undefined;
  }
}

function maskObject(value: object, depth: number): unknown {
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (value instanceof Error) return maskError(value, depth);
  if (value instanceof URL) return maskText(value.href);
  if (ArrayBuffer.isView(value)) return '[bytes]';
  if (Array.isArray(value) || value instanceof Set) {
    return [...value].slice(0, MAX_MEMBERS).map((member: unknown) => mask(member, depth + 1));
  }
  const members = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(
    members.slice(0, MAX_MEMBERS).map(([name, member]) => maskMember(nameOf(name), member, depth)),
  );
}

/** Of a key of a map, which may be anything, and may not even have a text. */
function nameOf(key: unknown): string {
  if (typeof key === 'string') return key;
  return typeof key === 'number' || typeof key === 'bigint' || typeof key === 'boolean' ? key.toString() : '[object]';
}

function maskMember(name: string, member: unknown, depth: number): [string, unknown] {
  const isSecret = secretName.test(name) && (typeof member === 'string' || typeof member === 'object');
  return [maskText(name), isSecret && member !== null ? hidden : maskValue(name, member, depth + 1)];
}

/** The difference of two readings of a clock has a dozen digits behind the point that say nothing: one is enough. */
function maskValue(name: string, value: unknown, depth: number): unknown {
  const isDuration = typeof value === 'number' && /(?:Ms|Seconds)$/.test(name);
  return isDuration ? Math.round(value * 10) / 10 : mask(value, depth);
}

/** An error's own words and where it came from; the stack line by line, so that the cut leaves the first ones whole. */
function maskError(error: Error & { readonly code?: unknown }, depth: number): object {
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    message: maskText(error.message),
    ...(error.code === undefined ? {} : { code: mask(error.code, depth + 1) }),
    ...(frames ? { stack: frames.slice(0, 8).map((frame) => maskText(frame.trim())) } : {}),
    ...(error.cause === undefined ? {} : { cause: mask(error.cause, depth + 1) }),
  };
}
