import type { Clock } from '../shared/clock.js';
import { maskText } from '../telemetry/mask.js';
import { exitCodes } from './command.js';
import { runCommand } from './command-line.js';
import { processHost } from './process-host.js';

/**
 * Runs what the command line asks for in this process, and leaves its exit code there. The process ends by itself, not at once:
 * what was printed may be on its way into a pipe.
 * @param args without the names of the interpreter and the program; not empty
 */
export async function runInProcess(args: readonly string[], process: NodeJS.Process, clock: Clock): Promise<void> {
  // Until the command has ended in order: a process that has nothing left to wait for has not done what it was asked.
  process.exitCode = exitCodes.internal;
  // Whoever reads may stop reading, as `head` does.
  process.stdout.on('error', () => process.exit());
  try {
    process.exitCode = await runCommand(args, processHost(process, clock));
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : 'not even an error';
    process.stderr.write(`assay: a fault of Assay itself, please report it: ${maskText(said)}\n`);
  }
}
