/** Brings the registrations of several files together, whichever way each of them is written. */
import type { Sections } from '../shared/configuration/configuration-section.js';
import { describe, describeKind } from '../shared/configuration/describe.js';
import type { Origin, Place } from '../shared/configuration/place.js';
import { eachWithPauses, type Pause } from '../shared/pause.js';
import { isMapping, type Mapping } from '../shared/configuration/read-section.js';

/** One file whose registrations are read together with those of others. */
export interface Contribution {
  /** What is written in it, with `${…}` replaced. */
  readonly value: unknown;
  /** Of the whole file. */
  readonly place: Place;
  /** Paths of texts that must not be shown. */
  readonly substituted: ReadonlySet<string>;
}

/** What several files say together, as one file with lists would. */
export interface Gathered {
  readonly value: unknown;
  /** Where each member of those lists is written. */
  readonly originOf: (list: string, index: number) => Origin | undefined;
}

interface Entry {
  readonly value: unknown;
  readonly place: Place;
}

/**
 * Sections whose members have names may be written as a list or as a mapping, and in several files. Here each becomes one
 * list: whoever reads a section knows of neither, and problems still name the place where something is written.
 * @param main every section that has no named members is taken from it
 * @param hasIncludes others may register what the main file does not, so that it need not say that it registers nothing
 */
export function gatherEntries(
  sections: Sections,
  main: Contribution,
  others: readonly Contribution[],
  hasIncludes: boolean,
): Gathered {
  if (!isMapping(main.value)) return { value: main.value, originOf: () => undefined };
  const value: Record<string, unknown> = { ...main.value };
  const origins = new Map<string, readonly Origin[]>();
  for (const { key, form } of sections) {
    const { keyedBy } = form.field;
    if (keyedBy === undefined) continue;
    const given = hasIncludes ? (main.value[key] ?? {}) : main.value[key];
    // What is neither is refused where the section is read.
    if (!Array.isArray(given) && !isMapping(given)) continue;
    const entries = [main, ...others].flatMap((file) => entriesOf(file, key, keyedBy));
    value[key] = entries.map((entry) => entry.value);
    origins.set(
      key,
      entries.map(({ place: { path, file } }) => ({ path, file })),
    );
  }
  return { value, originOf: (list, index) => origins.get(list)?.[index] };
}

function entriesOf(file: Contribution, key: string, keyedBy: string): readonly Entry[] {
  const given = isMapping(file.value) ? file.value[key] : undefined;
  const place = file.place.at(key);
  if (Array.isArray(given)) return given.map((value: unknown, i) => ({ value, place: place.at(i) }));
  if (!isMapping(given)) return [];
  return Object.entries(given).flatMap(([name, value]) => {
    const at = place.at(name);
    if (value !== null && value !== undefined) return [{ value: named(value, { name, keyedBy, at, file }), place: at }];
    at.warn('nothing, which registers nothing', 'an entry, or no key');
    return [];
  });
}

/** The entry with its key as the name that it would have in a list. */
function named(
  value: unknown,
  {
    name,
    keyedBy,
    at,
    file,
  }: { readonly name: string; readonly keyedBy: string; readonly at: Place; readonly file: Contribution },
): unknown {
  if (!isMapping(value)) return value;
  const own = value[keyedBy] ?? name;
  const place = at.at(keyedBy);
  if (own !== name) {
    const found = file.substituted.has(place.path) ? describeKind(own) : describe(own);
    place.refuse(found, `${JSON.stringify(name.slice(0, 80))}, as the key of the entry, or no ${keyedBy}`);
  }
  return entryOf(value, keyedBy, name);
}

function entryOf(value: Mapping, keyedBy: string, name: string): Mapping {
  return Object.assign(Object.create(null) as object, value, { [keyedBy]: name });
}

/**
 * Writes out in each list what its members say in short.
 * @param value from {@link gatherEntries}, which is changed
 * @param place of the whole file
 */
export async function fillIn(sections: Sections, value: unknown, place: Place, pause: Pause): Promise<void> {
  if (!isMapping(value)) return;
  const whole = value as Record<string, unknown>;
  for (const section of sections) {
    const { key } = section;
    const members = whole[key];
    if (!section.fillIn || !Array.isArray(members)) continue;
    const at = place.at(key);
    whole[key] = await eachWithPauses(members as readonly unknown[], pause, (member, i) =>
      section.fillIn?.(member, at.at(i)),
    );
  }
}
