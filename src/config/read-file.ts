import { describeKind } from '../shared/configuration/describe.js';
import { wholeOf } from '../shared/configuration/composite-fields.js';
import { fieldsOf, unreadable, type Field, type ListField, type Reading } from '../shared/configuration/field.js';
import type { Place } from '../shared/configuration/place.js';
import { givenOr, isMapping, refuseUnknownKeys } from '../shared/configuration/read-section.js';
import type { Pause } from '../shared/pause.js';
import { Configuration } from './configuration.config.js';

/**
 * Reads the whole file. Of a thousand issuers it makes a thousand pieces of work: it pauses before each section, and before
 * each member of a list of them.
 * @param raw the file, with `${…}` replaced
 * @param place of the whole file
 * @returns the configuration, frozen; {@link unreadable} where there was a problem
 */
export async function readFile(
  raw: unknown,
  place: Place,
  reading: Reading,
  pause: Pause,
): Promise<Configuration | typeof unreadable> {
  if (!isMapping(raw)) {
    place.refuse(describeKind(raw), 'a mapping');
    return unreadable;
  }
  const fields = fieldsOf(Configuration);
  refuseUnknownKeys(raw, [...fields.keys()], place);
  const configuration = Object.create(Configuration.prototype) as Configuration;
  for (const [name, field] of fields) {
    await pause();
    const at = place.at(name);
    const given = givenOr(field, raw[name], at);
    if (given === undefined || given === unreadable) continue;
    const value = await readValue(field, given, at, reading, pause);
    Object.defineProperty(configuration, name, { value, enumerable: true });
  }
  return place.isSound ? Object.freeze(configuration) : unreadable;
}

async function readValue(field: Field, raw: unknown, place: Place, reading: Reading, pause: Pause): Promise<unknown> {
  if (!isList(field)) return field.read(raw, place, reading);
  const list = field.membersOf(raw, place);
  if (list === unreadable) return list;
  const members: unknown[] = [];
  for (const [i, member] of list.entries()) {
    await pause();
    members.push(field.readMember(member, place.at(i), reading));
  }
  return wholeOf(members);
}

function isList(field: Field): field is ListField {
  return 'readMember' in field;
}
