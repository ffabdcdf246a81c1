#!/usr/bin/env -S node --max-semi-space-size=4 --heap-growing-percent=20
import 'reflect-metadata';
import { ConfigurationInvalid, EXIT_CONFIGURATION_INVALID } from './config/configuration-invalid.js';
import { ListenerFailed } from './app/listener-failed.js';
import { Service } from './app/service.js';
import { SystemClock } from './shared/clock.js';
import { listenToSignals } from './app/signals.js';
import { PinoLogger } from './telemetry/pino-logger.js';
import { printBounded } from './telemetry/standard-output.js';

const clock = new SystemClock();
const logger = new PinoLogger({ level: 'info', human: process.stdout.isTTY });

process.on('unhandledRejection', (error) => {
  logger.error({ error }, 'unhandled rejection');
});
process.on('uncaughtException', (error) => {
  logger.error({ error }, 'uncaught exception');
  process.exit(1);
});

const args = process.argv.slice(2);
if (args.length === 0) serve();
else void runCommand();

function serve(): void {
  const starting = Service.start({
    environment: process.env,
    workingDirectory: process.cwd(),
    clock,
    logger,
    print: (text) => printBounded(text),
  });
  const unlessItFailed = (): void => undefined;
  listenToSignals(process, clock, {
    stop: () => void starting.then(stop, unlessItFailed),
    abort: (exitCode) => process.exit(exitCode),
    reload: () => void starting.then((service) => service.reload(), unlessItFailed),
  });
  starting.catch(explain);
}

/** Loaded only here: a service that starts does not need a line of it. */
async function runCommand(): Promise<void> {
  const { runInProcess } = await import('./cli/run-process.js');
  await runInProcess(args, process, clock);
}

async function stop(service: Service): Promise<void> {
  logger.info({}, 'stopping');
  await service.stop();
  logger.info({}, 'stopped');
  process.exit(0);
}

/** Ends the process after saying why it could not start: in a sentence where the remedy is outside of the program. */
function explain(error: unknown): void {
  const isExpected = error instanceof ConfigurationInvalid || error instanceof ListenerFailed;
  if (isExpected) process.stderr.write(`${error.message.trimEnd()}\n`);
  else logger.error({ error }, 'the service could not start');
  process.exit(error instanceof ConfigurationInvalid ? EXIT_CONFIGURATION_INVALID : 1);
}
