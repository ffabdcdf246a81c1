/** Checks a configuration as the service would at its start, for the command `assay check`. */
import type { ConfigurationOf, PreparedOf, Sections } from '../shared/configuration/configuration-section.js';
import type { ConfigurationProblem } from '../shared/configuration/place.js';
import { ConfigurationInvalid } from './configuration-invalid.js';
import { loadConfiguration, type LoadOptions } from './load-configuration.js';
import { prepareLoaded } from './prepare-loaded.js';

/** What is to be said of a configuration file before a service runs with it. */
export interface ConfigurationVerdict<All extends Sections> {
  /** The file, as its user named it. */
  readonly file: string;
  readonly isValid: boolean;
  /** SHA-256 of the file; absent where there is a problem. */
  readonly digest?: string;
  readonly problems: readonly ConfigurationProblem[];
  /** What works and should not; absent where there is a problem, because they would be a part only. */
  readonly warnings?: readonly ConfigurationProblem[];
  /** All that is wrong, for a person; absent where nothing is. */
  readonly message?: string;
  /** The configuration itself; absent where there is a problem. */
  readonly good?: CheckedConfiguration<All>;
}

/** A configuration with nothing wrong, as it was read and as it was made ready. */
export interface CheckedConfiguration<All extends Sections> {
  readonly configuration: ConfigurationOf<All>;
  readonly prepared: PreparedOf<All>;
}

/**
 * Reads and prepares a configuration exactly as the service does at its start, with every file that it names and includes, and
 * opens no connection. An included file that a service would leave out is a problem.
 */
export async function checkConfiguration<All extends Sections>(
  file: string,
  options: LoadOptions<All>,
): Promise<ConfigurationVerdict<All>> {
  try {
    const loaded = await loadConfiguration(file, options);
    const { values, warnings } = await prepareLoaded(loaded, options);
    const refused = loaded.included.flatMap(({ problems }) => problems);
    if (refused.length > 0) {
      const { message } = new ConfigurationInvalid(file, refused);
      return { file, isValid: false, problems: refused, message };
    }
    return {
      file,
      isValid: true,
      digest: loaded.digest,
      problems: [],
      warnings: [...loaded.warnings, ...warnings],
      good: { configuration: loaded.configuration, prepared: values },
    };
  } catch (error) {
    if (!(error instanceof ConfigurationInvalid)) throw error;
    return { file, isValid: false, problems: error.problems, message: error.message };
  }
}
