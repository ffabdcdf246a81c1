/** The section `include`: which other files belong to the configuration. */
import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { describe, describeKind } from '../shared/configuration/describe.js';
import { unreadable, type Field } from '../shared/configuration/field.js';
import type { Place } from '../shared/configuration/place.js';
import { optionalValue } from '../shared/configuration/section-form.js';

/** Most patterns: far above what anybody writes. */
const MOST_PATTERNS = 100;

const expected = 'a file or a pattern such as /etc/assay/issuers.d/*.yaml, or a list of them';
const expectedPattern = 'a file or a pattern with * in its last part only, such as /etc/assay/issuers.d/*.yaml';

const field: Field = {
  description:
    'other files with `issuers` and `callers`, each a unit of its own: one that is wrong keeps its last good version and holds up nobody else',
  type: 'text or list of texts',
  schema: {
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', items: { type: 'string', minLength: 1 }, maxItems: MOST_PATTERNS, uniqueItems: true },
    ],
  },
  example: '/etc/assay/issuers.d/*.yaml',
  read(raw, place) {
    const isList = Array.isArray(raw);
    const list = (isList ? raw : [raw]) as readonly unknown[];
    if ((!isList && typeof raw !== 'string') || list.length > MOST_PATTERNS) {
      place.refuse(describeKind(raw), expected);
      return unreadable;
    }
    for (const [i, pattern] of list.entries()) checkPattern(pattern, isList ? place.at(i) : place);
    return place.isSound ? Object.freeze(list) : unreadable;
  },
};

/** `include`: where other files with issuers and callers are. They are read before the sections, and with them. */
export const includeSection: ConfigurationSection<'include', readonly string[], readonly string[]> = {
  key: 'include',
  form: optionalValue<readonly string[]>(field, Object.freeze([])),
  prepare: (patterns) => patterns,
  needsRestart: () => [],
};

function checkPattern(pattern: unknown, place: Place): void {
  if (typeof pattern !== 'string' || pattern === '') {
    place.refuse(describeKind(pattern), expectedPattern);
    return;
  }
  const parts = pattern.split('/');
  const isPlain = !parts.slice(0, -1).some((part) => part.includes('*')) && !/\*\*|[?[\]{}]/.test(pattern);
  const last = parts.at(-1) ?? '';
  if (!isPlain || last === '' || last === '.' || last === '..') place.refuse(describe(pattern), expectedPattern);
}
