import type { PreparedOf, Sections } from '../shared/configuration/configuration-section.js';
import { Place, type ConfigurationProblem } from '../shared/configuration/place.js';
import type { Pause } from '../shared/pause.js';
import { ConfigurationInvalid } from './configuration-invalid.js';
import type { LoadedConfiguration } from './load-configuration.js';
import { byPlace } from './problems.js';
import { prepareSections } from './prepare-sections.js';

/** What a configuration was made ready as. */
export interface Prepared<All extends Sections> {
  readonly values: PreparedOf<All>;
  /** What works and should not, and shows only now. */
  readonly warnings: readonly ConfigurationProblem[];
}

/** When, and how, a configuration is made ready. */
export interface PrepareOptions<All extends Sections> {
  readonly sections: All;
  /** Wall time, milliseconds since the epoch. */
  readonly nowMs: number;
  readonly pause: Pause;
}

/**
 * Does everything about a configuration that can fail or take time, so that it can come into force in one tick.
 * @throws {ConfigurationInvalid} with every problem
 */
export async function prepareLoaded<All extends Sections>(
  loaded: LoadedConfiguration<All>,
  { sections, nowMs, pause }: PrepareOptions<All>,
): Promise<Prepared<All>> {
  if (loaded.prepared) return { values: loaded.prepared, warnings: [] };
  const problems: ConfigurationProblem[] = [];
  const warnings: ConfigurationProblem[] = [];
  const place = new Place({
    report: (problem) => void problems.push(loaded.locate(problem)),
    warn: (problem) => void warnings.push(loaded.locate(problem)),
    originOf: loaded.originOf,
  });
  const values = await prepareSections(sections, loaded.configuration, { place, nowMs, pause });
  if (problems.length > 0) throw new ConfigurationInvalid(loaded.source, problems.toSorted(byPlace), loaded.files);
  return { values, warnings };
}
