import {
  loadConfiguration,
  type Environment,
  type LoadedConfiguration,
} from '../../../src/config/load-configuration.js';
import { noPause } from '../../../src/shared/pause.js';
import { environment } from './a-configuration.js';

/**
 * Loads a configuration as the service does, and reports what shows when it is read.
 * @throws {ConfigurationInvalid} with every problem
 */
export function load(file: string, variables: Environment = environment): Promise<LoadedConfiguration> {
  return loadConfiguration(file, { environment: variables, pause: noPause });
}
