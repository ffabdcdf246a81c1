import type { ConfigurationOf, Sections } from '../shared/configuration/configuration-section.js';
import { describeKind } from '../shared/configuration/describe.js';
import { unreadable, type Reading } from '../shared/configuration/field.js';
import { Place } from '../shared/configuration/place.js';
import { isMapping, refuseUnknownKeys } from '../shared/configuration/read-section.js';
import type { Pause } from '../shared/pause.js';

/** A file of which no section has been read yet. */
export interface FileToRead<All extends Sections> {
  /** The sections that it may have. */
  readonly sections: All;
  /** What is written in it, with `${…}` replaced. */
  readonly raw: unknown;
  readonly reading: Reading;
  readonly pause: Pause;
}

/**
 * Reads the whole file.
 * @param place of the whole file
 * @returns the configuration, frozen; {@link unreadable} where there was a problem
 */
export async function readFile<All extends Sections>(
  { sections, raw, reading, pause }: FileToRead<All>,
  place: Place,
): Promise<ConfigurationOf<All> | typeof unreadable> {
  if (!isMapping(raw)) {
    place.refuse(describeKind(raw), 'a mapping');
    return unreadable;
  }
  const keys = sections.map(({ key }) => key);
  refuseUnknownKeys(raw, keys, place);
  const configuration: Record<string, unknown> = {};
  for (const { key, form } of sections) {
    await pause();
    configuration[key] = await form.read(raw[key], place.at(key), reading, pause);
  }
  return place.isSound ? (Object.freeze(configuration) as ConfigurationOf<All>) : unreadable;
}

/** What can be read of a file with problems: see {@link SectionForm.readSound}. */
export async function readSoundPart<All extends Sections>({
  sections,
  raw,
  reading,
  pause,
}: FileToRead<All>): Promise<ConfigurationOf<All>> {
  const written = isMapping(raw) ? raw : {};
  const place = new Place({ report: ignore, warn: ignore });
  const configuration: Record<string, unknown> = {};
  for (const { key, form } of sections) {
    await pause();
    configuration[key] = await form.readSound(written[key], place.at(key), reading, pause);
  }
  return configuration as ConfigurationOf<All>;
}

function ignore(): void {
  // Reported already.
}
