import type { Environment } from '../config/load-configuration.js';
import { EXIT_CONFIGURATION_INVALID } from '../config/configuration-invalid.js';
import type { Clock } from '../shared/clock.js';

/** Every exit code of a command, as scripts may rely on them; from sysexits.h where it has one. */
export const exitCodes = {
  /** What was asked for was done, or is so. */
  good: 0,
  /** It was done, and the answer is no: a token is not active, nothing was found. */
  no: 1,
  /** EX_USAGE: the command was called in a wrong way. */
  usage: 64,
  /** EX_UNAVAILABLE: an issuer, Redis or a service does not answer as it must. */
  unavailable: 69,
  /** EX_SOFTWARE: our own fault. */
  internal: 70,
  /** EX_CONFIG: the configuration is wrong. */
  configuration: EXIT_CONFIGURATION_INVALID,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Where a command runs. */
export interface CommandHost {
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly clock: Clock;
  /** Takes what was asked for. */
  readonly print: (text: string) => void;
  /** Takes what is wrong. */
  readonly printError: (text: string) => void;
  /** Takes how far something has come, in a few words; an empty text takes them away. Does nothing where no person watches. */
  readonly progress: (text: string) => void;
  /** All of standard input, up to `mostBytes`; `undefined` where there is more. */
  readonly readInput: (mostBytes: number) => Promise<string | undefined>;
}

/** An option with a value, or, without `argument`, one that is there or not. */
export interface CommandOption {
  /** How the help calls its value, such as `URL`. */
  readonly argument?: string;
  /** What it does, in the help. */
  readonly help: string;
}

/** The options of a command by their names, without the two dashes. */
export type CommandOptions = Readonly<Record<string, CommandOption>>;

/** What was given for each option. */
type GivenOptions<Options extends CommandOptions> = {
  readonly [Name in keyof Options]: Options[Name] extends { readonly argument: string } ? string | undefined : boolean;
};

/** How a command was called: as its options and operands say that it may be. */
export interface Given<Options extends CommandOptions> {
  readonly options: GivenOptions<Options>;
  /** In their order; what was left out is not there. */
  readonly operands: readonly string[];
}

/** An operand, such as a file. */
export interface Operand {
  /** How the help calls it, such as `FILE`. */
  readonly name: string;
  readonly isOptional?: true;
  /** There may be several; only the last operand can be so. */
  readonly isRepeated?: true;
}

/** One thing that the program does instead of serving, with all that its help says. */
interface CommandTerms<Options extends CommandOptions> {
  /** One or two words. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly operands: readonly Operand[];
  readonly options: Options;
  /** What it does, in full sentences. */
  readonly description: string;
  /** How it ends, in words, for the codes that it can end with; all of them can end with `usage` and `internal` besides. */
  readonly ends: readonly (readonly [code: ExitCode, when: string])[];
  /** Lines for a shell. */
  readonly examples: readonly string[];
}

/** A command as it is written. */
interface WrittenCommand<Options extends CommandOptions> extends CommandTerms<Options> {
  /** @returns the exit code */
  readonly run: (given: Given<Options>, host: CommandHost) => Promise<ExitCode>;
}

/** A command among others. Only what was read by its own options and operands may be given to it. */
export interface Command extends CommandTerms<CommandOptions> {
  readonly run: (given: Given<CommandOptions>, host: CommandHost) => Promise<ExitCode>;
}

/** Declares a command: the types of what it is given follow from its options. */
export function command<const Options extends CommandOptions>(written: WrittenCommand<Options>): Command {
  return written as unknown as Command;
}

/** A command cannot be run as it was called: a sentence for its user. Ends with {@link exitCodes.usage}. */
export class WrongCall extends Error {
  override readonly name = 'WrongCall';
}

/** `--json`, for every command that prints more than a word. */
export const jsonOption = { help: 'print one JSON object instead, for programs' } as const;
