import type { FileText } from '../shared/configuration/field.js';
import type { Place } from '../shared/configuration/place.js';

/** What `${env:NAME}` and `${file:/path}` are replaced from. */
export interface SubstitutionSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether this environment variable may be used; absent: any. */
  readonly mayRead?: (name: string) => boolean;
  /** The file, or why it cannot be read, as a phrase. */
  readonly file: (name: string) => FileText | string;
}

/** A configuration whose texts are final. */
export interface Substituted {
  readonly value: unknown;
  /** Paths of the texts that came, in part at least, from elsewhere. */
  readonly paths: ReadonlySet<string>;
}

/** `${env:…}`, `${file:…}`, the escape `$${`, or the beginning of something that is none of them. */
const placeholder = /\$(\$\{|\{(?:(env|file):([^}]*)\})?)/g;

/**
 * Replaces `${env:NAME}` and `${file:/path}` in every text, once: what is inserted is not searched again. `$${` stands for
 * the characters `${`. The line end at the end of a file does not belong to the value.
 * @param place of the whole file; takes what is missing: such a text is left as it was
 */
export function substitute(raw: unknown, sources: SubstitutionSources, place: Place): Substituted {
  const paths = new Set<string>();
  const substituteText = (text: string, at: Place): string =>
    text.replace(
      placeholder,
      (whole: string, _rest: string, kind: 'env' | 'file' | undefined, name: string | undefined) => {
        if (whole === '$${') return '${';
        paths.add(at.path);
        const value = kind ? lookUp(kind, name ?? '', sources) : undefined;
        if (value?.text !== undefined) return value.text;
        const found = value ? `${whole}: ${value.missing}` : 'an unknown ${…}';
        at.refuse(found, value ? 'a value' : '${env:NAME} or ${file:/path}; $${ stands for the two characters');
        return whole;
      },
    );
  return { value: walk(raw, place, substituteText), paths };
}

interface Lookup {
  readonly text?: string;
  readonly missing?: string;
}

function lookUp(kind: 'env' | 'file', name: string, { environment, mayRead, file }: SubstitutionSources): Lookup {
  if (kind === 'env') {
    if (mayRead?.(name) === false)
      return { missing: 'this file was not granted it, in environment of its entry of owners' };
    const text = Object.hasOwn(environment, name) ? environment[name] : undefined;
    return text ? { text } : { missing: 'the environment variable is not set, or empty' };
  }
  const content = file(name);
  if (typeof content === 'string') return { missing: content };
  const text = content.text.replace(/[\r\n]+$/, '');
  return text === '' ? { missing: 'the file is empty' } : { text };
}

function walk(raw: unknown, place: Place, onText: (text: string, place: Place) => string): unknown {
  if (typeof raw === 'string') return onText(raw, place);
  if (Array.isArray(raw)) return raw.map((member, i) => walk(member, place.at(i), onText));
  if (typeof raw !== 'object' || raw === null) return raw;
  const entries = Object.entries(raw).map(([key, value]) => [key, walk(value, place.at(key), onText)] as const);
  return Object.assign(Object.create(null) as object, Object.fromEntries(entries));
}
