import { parseArgs } from 'node:util';
import { EXIT_CONFIGURATION_INVALID, ConfigurationInvalid, problemTable } from '../config/configuration-invalid.js';
import { checkConfiguration, type ConfigurationVerdict } from '../config/check-configuration.js';
import { findConfiguration } from '../config/find-configuration.js';
import type { Environment } from '../config/load-configuration.js';
import { closest } from '../shared/configuration/closest.js';
import type { Clock } from '../shared/clock.js';
import { version } from '../shared/package-root.js';
import { pausesBy } from '../shared/pause.js';
import { sections } from './sections.js';

/** Exit code of a command that was called in a wrong way: EX_USAGE of sysexits.h. */
export const EXIT_USAGE = 64;

/** Where a command runs. */
export interface CommandHost {
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly clock: Clock;
  /** Takes what was asked for. */
  readonly print: (text: string) => void;
  /** Takes what is wrong. */
  readonly printError: (text: string) => void;
}

/** One thing that the program does instead of serving. */
interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it does, how it is called, and how it ends. */
  readonly help: string;
  /** @returns the exit code */
  readonly run: (args: readonly string[], host: CommandHost) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  check: {
    summary: 'says whether a configuration file is good, without starting anything',
    help: `Usage: assay check [FILE] [--json]

Reads FILE as the service does at its start, with every file and environment variable that it names,
and every file that it includes, and says everything that is wrong with them. It opens no connection: neither issuers nor Redis are asked.
Without FILE it takes the file that the service would take: $ASSAY_CONFIG, ./assay.yaml,
/etc/assay/assay.yaml.

  --json    print one JSON object: file, isValid, digest, problems and warnings, each with
            path, line, found and expected, and with the file where it is an included one

Exit code: 0 the file is good (warnings do not count), ${EXIT_CONFIGURATION_INVALID} it is not, ${EXIT_USAGE} the command is wrong.

Examples:
  assay check assay.yaml
  assay check --json assay.yaml | jq -r '.problems[] | "\\(.line): \\(.path): \\(.expected)"'
  docker run --rm -v ./assay.yaml:/etc/assay/assay.yaml:ro IMAGE check
`,
    run: check,
  },
};

const overview = `Usage: assay [COMMAND]

Without a command Assay serves: it answers whether tokens are good, with the configuration that it
finds at $ASSAY_CONFIG, ./assay.yaml or /etc/assay/assay.yaml.

Commands:
${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(8)}${summary}`)
  .join('\n')}
  help    says more: assay help check

Options:
  --help, --version
`;

/**
 * Runs what the command line asks for.
 * @param args without the names of the interpreter and the program; not empty
 * @returns the exit code
 */
export async function runCommand(args: readonly string[], host: CommandHost): Promise<number> {
  const [name = '', ...rest] = args;
  if (name === '--version') return say(host, `assay ${version}\n`);
  if (name === '--help' || name === '-h') return say(host, overview);
  if (name === 'help') return help(rest, host);
  const command = commandOf(name);
  if (!command) return refuse(host, unknownCommand(name));
  if (rest.includes('--help') || rest.includes('-h')) return say(host, command.help);
  return command.run(rest, host);
}

function help([name]: readonly string[], host: CommandHost): number {
  if (name === undefined) return say(host, overview);
  const command = commandOf(name);
  return command ? say(host, command.help) : refuse(host, unknownCommand(name));
}

async function check(args: readonly string[], host: CommandHost): Promise<number> {
  const options = optionsOf(args);
  if (typeof options === 'string') return refuse(host, `${options}\n\n${commands['check']?.help ?? ''}`);
  const verdict = await verdictOf(options.file, host);
  if (!verdict) return refuse(host, 'there is no configuration file here: name one, as in "assay check assay.yaml"\n');
  const { print, printError } = host;
  if (options.isJson) print(`${JSON.stringify(jsonOf(verdict))}\n`);
  else if (verdict.isValid) print(textOf(verdict));
  else printError(`${verdict.message?.trimEnd() ?? ''}\n`);
  return verdict.isValid ? 0 : EXIT_CONFIGURATION_INVALID;
}

/** @returns why not, in words */
function optionsOf(args: readonly string[]): { readonly file?: string | undefined; readonly isJson: boolean } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    if (positionals.length > 1) return `one file at a time, and not ${positionals.length}`;
    return { file: positionals[0], isJson: values.json };
  } catch (error) {
    return (error as Error).message;
  }
}

/** @returns undefined where no file was named, and none is there */
async function verdictOf(named: string | undefined, host: CommandHost): Promise<ConfigurationVerdict | undefined> {
  const { environment, workingDirectory, clock } = host;
  try {
    const file = named ?? findConfiguration(environment, workingDirectory);
    if (file === undefined) return undefined;
    return await checkConfiguration(file, {
      sections,
      environment,
      nowMs: clock.wallMs(),
      pause: pausesBy(clock),
    });
  } catch (error) {
    if (!(error instanceof ConfigurationInvalid)) throw error;
    return { file: error.source, isValid: false, problems: error.problems, message: error.message };
  }
}

function jsonOf({ file, isValid, digest, problems, warnings }: ConfigurationVerdict): object {
  return { file, isValid, digest, problems, warnings };
}

function textOf({ file, digest = '', warnings = [] }: ConfigurationVerdict): string {
  const good = `${file}: the configuration is good\n  SHA-256 ${digest}\n`;
  if (warnings.length === 0) return good;
  const count = warnings.length === 1 ? 'one warning' : `${warnings.length} warnings`;
  return `${good}\n${count}: this works, and should not stay so\n\n${problemTable(file, warnings)}\n`;
}

function unknownCommand(name: string): string {
  const near = closest(name, Object.keys(commands));
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  return `there is no command "${name.slice(0, 80)}".${hint}\n\n${overview}`;
}

function commandOf(name: string): Command | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

function say(host: CommandHost, text: string): number {
  host.print(text);
  return 0;
}

function refuse(host: CommandHost, text: string): number {
  host.printError(`assay: ${text}`);
  return EXIT_USAGE;
}
