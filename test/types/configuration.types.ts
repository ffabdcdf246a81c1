import type { ActiveConfiguration } from '../../src/shared/configuration/active-configuration.js';
import type { ConfigurationSection } from '../../src/shared/configuration/configuration-section.js';
import { TextField } from '../../src/shared/configuration/scalar-fields.js';
import { optionalSection, sectionWithDefaults } from '../../src/shared/configuration/section-form.js';
import type { Configuration, PreparedConfiguration } from '../../src/app/sections.js';
import { redisSection } from '../../src/redis/redis.section.js';

class Quota {
  @TextField('its name')
  readonly name?: string;
}

type QuotaSection = ConfigurationSection<'quota', Quota, number>;

const whole: QuotaSection = {
  key: 'quota',
  form: sectionWithDefaults('a quota', () => Quota),
  prepare: ({ name }) => name?.length ?? 0,
  needsRestart: () => [],
};

/** Whether a change needs a restart is decided for each section. */
// @ts-expect-error: Property 'needsRestart' is missing
export const undecided: QuotaSection = { key: whole.key, form: whole.form, prepare: () => 1 };

/** What may be left out is not there for certain. */
// @ts-expect-error: Type 'undefined' is not assignable to type 'Quota'
export const absent: QuotaSection = { ...whole, form: optionalSection('a quota', () => Quota) };

/** What follows a section is given what it is made ready as. */
export function follow(active: ActiveConfiguration): unknown {
  // @ts-expect-error: is not assignable to parameter of type 'PreparedAs<string>'
  active.follow(whole, (text: string) => text.length);
  // @ts-expect-error: Object is possibly 'undefined'
  return active.of(redisSection).primary;
}

/** The types of the whole file follow from the list of sections. */
export function read(configuration: Configuration, prepared: PreparedConfiguration): unknown {
  // @ts-expect-error: Property 'isuers' does not exist
  const misspelt = configuration.isuers;
  // @ts-expect-error: Property 'audiences' does not exist on type 'Issuer'
  const unprepared = prepared.issuers[0]?.audiences;
  return [misspelt, unprepared];
}
