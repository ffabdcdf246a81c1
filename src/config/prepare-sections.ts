import type {
  ConfigurationOf,
  PreparationContext,
  PreparedOf,
  ReadAs,
  Sections,
} from '../shared/configuration/configuration-section.js';

/**
 * Makes each section of a configuration ready, everything expensive about it included.
 * @param context with the place of the whole file: where something was refused below it, the result must not be used
 */
export async function prepareSections<All extends Sections>(
  sections: All,
  configuration: ConfigurationOf<All>,
  { place, nowMs, pause }: Omit<PreparationContext, 'sectionOf'>,
): Promise<PreparedOf<All>> {
  const read: Readonly<Record<string, unknown>> = configuration;
  const sectionOf = <Section>({ key }: ReadAs<Section>): Section => read[key] as Section;
  const prepared: Record<string, unknown> = {};
  for (const section of sections) {
    const { key } = section;
    await pause();
    prepared[key] = await section.prepare(read[key], { place: place.at(key), nowMs, pause, sectionOf });
  }
  return prepared as PreparedOf<All>;
}
