import { checkConfiguration, type ConfigurationVerdict } from '../config/check-configuration.js';
import { ConfigurationInvalid, problemTable } from '../config/configuration-invalid.js';
import { findConfiguration } from '../config/find-configuration.js';
import { pausesBy } from '../shared/pause.js';
import { sections } from '../app/sections.js';
import { WrongCall, type CommandHost } from './command.js';

/** What is to be said of a configuration, and the configuration itself where it is good. */
export type FileVerdict = ConfigurationVerdict<typeof sections>;

/** The values of a good configuration. */
export type GoodConfiguration = NonNullable<FileVerdict['good']>;

/**
 * Reads the configuration that a command is about: the file that was named, or else the one that the service would take.
 * @throws {WrongCall} where none was named and none is there
 */
export async function loadFile(named: string | undefined, host: CommandHost): Promise<FileVerdict> {
  const { environment, workingDirectory, clock } = host;
  try {
    const file = named ?? findConfiguration(environment, workingDirectory);
    if (file === undefined)
      throw new WrongCall('there is no configuration file here: name one, as in "assay check assay.yaml"');
    return await checkConfiguration(file, { sections, environment, nowMs: clock.wallMs(), pause: pausesBy(clock) });
  } catch (error) {
    if (!(error instanceof ConfigurationInvalid)) throw error;
    return { file: error.source, isValid: false, problems: error.problems, message: error.message };
  }
}

/** What works and should not, for a person; empty where there is nothing. */
export function warningsText({ file, warnings = [] }: FileVerdict): string {
  if (warnings.length === 0) return '';
  const count = warnings.length === 1 ? 'one warning' : `${warnings.length} warnings`;
  return `\n${count}: this works, and should not stay so\n\n${problemTable(file, warnings)}\n`;
}

/**
 * For commands that need a good configuration to work with: says everything that is wrong with one that is not.
 * @returns undefined after that
 */
export async function goodConfiguration(
  named: string | undefined,
  host: CommandHost,
): Promise<GoodConfiguration | undefined> {
  const verdict = await loadFile(named, host);
  if (verdict.good) return verdict.good;
  host.printError(`${verdict.message?.trimEnd() ?? ''}\n`);
  return undefined;
}
