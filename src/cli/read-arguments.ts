import { parseArgs } from 'node:util';
import { closest } from '../shared/configuration/closest.js';
import { WrongCall, type Command, type CommandOptions, type Given } from './command.js';

/** The command that the first words name, and what stands behind them; `undefined` where there is none. */
export function commandIn(
  args: readonly string[],
  commands: readonly Command[],
): { readonly command: Command; readonly rest: readonly string[] } | undefined {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ');
    const command = commands.find((each) => each.name === name);
    if (command) return { command, rest: args.slice(words) };
  }
  return undefined;
}

/**
 * What a command is given: Node's own `parseArgs`, held to what the command declares.
 * @throws {WrongCall}
 */
export function readArguments({ name, options, operands }: Command, args: readonly string[]): Given<CommandOptions> {
  const declared = Object.entries(options).map(([option, { argument }]) => {
    const type = argument === undefined ? ('boolean' as const) : ('string' as const);
    return [option, { type }] as const;
  });
  const { values, positionals } = parsed(args, Object.fromEntries(declared));
  const fewest = operands.filter(({ isOptional }) => !isOptional).length;
  const isOpen = operands.at(-1)?.isRepeated === true;
  if (!isOpen && positionals.length > operands.length)
    throw new WrongCall(tooMany(name, operands.length, positionals.length));
  const missing = operands[positionals.length];
  if (positionals.length < fewest && missing) throw new WrongCall(`${missing.name} is missing`);
  const given = Object.entries(options).map(([option, { argument }]) => {
    const value = values[option];
    return [option, argument === undefined ? value === true : value];
  });
  return { options: Object.fromEntries(given) as Given<CommandOptions>['options'], operands: positionals };
}

/** A command that may have been meant. */
export function nearestCommand(words: readonly string[], commands: readonly Command[]): string | undefined {
  const names = commands.map(({ name }) => name);
  return closest(words.slice(0, 2).join(' '), names) ?? closest(words[0] ?? '', names);
}

type Parsed = ReturnType<typeof parseArgs>;

function parsed(args: readonly string[], options: NonNullable<Parameters<typeof parseArgs>[0]>['options']): Parsed {
  try {
    return parseArgs({ args: [...args], options: options ?? {}, allowPositionals: true });
  } catch (error) {
    // Its first sentence names the option; what follows explains a dash to somebody who meant a file.
    throw new WrongCall((error as Error).message);
  }
}

function tooMany(name: string, most: number, found: number): string {
  if (most === 0) return `assay ${name} takes no operand, and not ${found}`;
  return most === 1 ? `one at a time, and not ${found}` : `at most ${most} operands, and not ${found}`;
}
