/** Finds the command that was asked for, reads its arguments, and runs it. */
import { maskText } from '../telemetry/mask.js';
import { version } from '../shared/package-root.js';
import { WrongCall, exitCodes, type Command, type CommandHost, type ExitCode } from './command.js';
import { commands } from './commands.js';
import { helpOf, overviewOf } from './help.js';
import { commandIn, nearestCommand, readArguments } from './read-arguments.js';

/**
 * Runs what the command line asks for.
 * @param args without the names of the interpreter and the program; not empty
 */
export async function runCommand(args: readonly string[], host: CommandHost): Promise<ExitCode> {
  const [word = '', ...words] = args;
  if (word === '--version') return say(host, `assay ${version}\n`);
  if (word === '--help' || word === '-h') return say(host, overviewOf(commands));
  if (word === 'help') return help(words, host);
  const found = commandIn(args, commands);
  if (!found) return isGroup(word) && asksForHelp(words) ? help([word], host) : refuse(host, unknownCommand(args));
  const { command, rest } = found;
  if (asksForHelp(rest)) return say(host, helpOf(command));
  return run(command, rest, host);
}

async function run(command: Command, args: readonly string[], host: CommandHost): Promise<ExitCode> {
  try {
    return await command.run(readArguments(command, args), host);
  } catch (error) {
    if (!(error instanceof WrongCall)) throw error;
    // What was typed may have been a token.
    return refuse(host, `${maskText(error.message)}\n\n${helpOf(command)}`);
  } finally {
    host.progress('');
  }
}

function help(words: readonly string[], host: CommandHost): ExitCode {
  if (words.length === 0) return say(host, overviewOf(commands));
  const found = commandIn(words, commands);
  if (found) return say(host, helpOf(found.command));
  const [word = ''] = words;
  if (isGroup(word)) return say(host, groupOf(word).map(helpOf).join('\n'));
  return refuse(host, unknownCommand(words));
}

/** Whether a word begins the names of commands, and is none itself: `issuer`. */
function isGroup(word: string): boolean {
  return groupOf(word).length > 0;
}

function groupOf(word: string): readonly Command[] {
  return commands.filter(({ name }) => name.startsWith(`${word} `));
}

function asksForHelp(args: readonly string[]): boolean {
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  return own.includes('--help') || own.includes('-h');
}

function unknownCommand(words: readonly string[]): string {
  const [word = ''] = words;
  const near = nearestCommand(words, commands) ?? groupOf(word)[0]?.name;
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  const shown = isGroup(word) ? words.slice(0, 2).join(' ') : word;
  return `there is no command "${maskText(shown.slice(0, 80))}".${hint}\n\n${overviewOf(commands)}`;
}

function say(host: CommandHost, text: string): ExitCode {
  host.print(text);
  return exitCodes.good;
}

function refuse(host: CommandHost, text: string): ExitCode {
  host.printError(`assay: ${text}`);
  return exitCodes.usage;
}
