import { exitCodes, type Command } from './command.js';

/** Columns of the names in the lists of options and commands. */
const NAME_COLUMNS = 24;

/** What `assay help COMMAND` prints. */
export function helpOf(command: Command): string {
  const { description, ends, examples } = command;
  const options = optionRows(command);
  return [
    `Usage: ${usageOf(command)}\n`,
    description,
    ...(options.length > 0 ? [`Options:\n${options.map(([name, help]) => row(name, help)).join('\n')}\n`] : []),
    `Exit code:\n${endRows(ends).join('\n')}\n`,
    `Examples:\n${examples.map((line) => `  ${line}`).join('\n')}\n`,
  ].join('\n');
}

/** What `assay help` prints. */
export function overviewOf(commands: readonly Command[]): string {
  return `Usage: assay [COMMAND]

Without a command Assay serves: it answers whether tokens are good, with the configuration that it
finds at $ASSAY_CONFIG, ./assay.yaml or /etc/assay/assay.yaml.

Commands:
${[...commands.map(({ name, summary }) => row(name, summary)), row('help COMMAND', 'says more: assay help check')].join('\n')}

Options:
  --help, --version

Every command takes --json where it prints more than a word, and ends with an exit code that its help explains.
`;
}

/** How it is called, in one line. */
function usageOf({ name, operands, options }: Command): string {
  const words = operands.map(({ name: word, isOptional, isRepeated }) => {
    const shown = isRepeated ? `${word}…` : word;
    return isOptional ? `[${shown}]` : shown;
  });
  const flags = Object.entries(options).map(([option, { argument }]) => `[${written(option, argument)}]`);
  return ['assay', name, ...words, ...flags].join(' ');
}

function optionRows({ options }: Command): readonly (readonly [string, string])[] {
  return Object.entries(options).map(([name, { argument, help }]) => [written(name, argument), help]);
}

function written(name: string, argument: string | undefined): string {
  return argument === undefined ? `--${name}` : `--${name} ${argument}`;
}

function endRows(ends: Command['ends']): readonly string[] {
  const always = [
    [exitCodes.usage, 'the command is called in a wrong way'],
    [exitCodes.internal, 'a fault of Assay itself'],
  ] as const;
  return [...ends, ...always].toSorted(([one], [other]) => one - other).map(([code, when]) => row(String(code), when));
}

/** A name and what it means; further lines of the meaning stand below its first one. */
function row(name: string, meaning: string): string {
  const [first = '', ...more] = meaning.split('\n');
  const indented = more.map((line) => `\n${' '.repeat(NAME_COLUMNS + 4)}${line}`).join('');
  return `  ${name.padEnd(NAME_COLUMNS)}  ${first}${indented}`;
}
