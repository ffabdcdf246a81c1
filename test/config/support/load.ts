import { sections } from '../../../src/app/sections.js';
import {
  loadConfiguration,
  type Environment,
  type LoadedConfiguration,
} from '../../../src/config/load-configuration.js';
import { noPause } from '../../../src/shared/pause.js';
import { environment } from './a-configuration.js';

/**
 * Loads a configuration as the service does.
 * @throws {ConfigurationInvalid} with every problem
 */
export function load(
  file: string,
  variables: Environment = environment,
): Promise<LoadedConfiguration<typeof sections>> {
  return loadConfiguration(file, { sections, environment: variables, nowMs: 0, pause: noPause });
}
