/** Longest text that is shown, in UTF-16 code units. */
const MAX_SHOWN = 80;

/** How a value is called in a problem: shortened, on one line, without the password of a URL. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shorten(withoutPassword(value)));
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return describeKind(value);
}

/** What kind of value it is, and nothing of what it says: for secrets. */
export function describeKind(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  switch (typeof value) {
    case 'string':
      return value === '' ? 'an empty text' : 'a text (not shown)';
    case 'number':
    case 'bigint':
      return 'a number';
    case 'boolean':
      return 'true or false';
    default:
      return 'a mapping';
  }
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function withoutPassword(text: string): string {
  return text.replace(/(:\/\/)[^/@\s]*@/g, '$1…@');
}
