import { runCommand } from '../../../src/cli/command-line.js';
import { SystemClock, type Clock } from '../../../src/shared/clock.js';

/** What a command has left behind. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Everything that was shown of how far it had come. */
  readonly progress: readonly string[];
}

/** Where a command runs; by default in an empty environment, without input, by the host's clock. */
export interface RanIn {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly clock?: Clock;
  readonly workingDirectory?: string;
}

/** Runs a command in this process, over real sockets and files. */
export async function runAssay(args: readonly string[], given: RanIn = {}): Promise<Ran> {
  const { environment = {}, input = '', clock = new SystemClock(), workingDirectory = '/nonexistent' } = given;
  const [stdout, stderr, progress]: [string[], string[], string[]] = [[], [], []];
  const code = await runCommand(args, {
    environment,
    workingDirectory,
    clock,
    print: (text) => void stdout.push(text),
    printError: (text) => void stderr.push(text),
    progress: (text) => void progress.push(text),
    readInput: (mostBytes) => Promise.resolve(Buffer.byteLength(input) > mostBytes ? undefined : input),
  });
  return { code, stdout: stdout.join(''), stderr: stderr.join(''), progress };
}
