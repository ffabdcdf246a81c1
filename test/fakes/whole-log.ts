import { PinoLogger, type LogLevel } from '../../src/telemetry/pino-logger.js';

/** Logs every line, however many a test causes: each is in a second of its own, so that none is left out. */
export function wholeLog(level: LogLevel, write: (line: string) => void): PinoLogger {
  let lines = 0;
  const destination = {
    write: (line: string) => {
      lines++;
      write(line);
    },
  };
  return new PinoLogger({ level, destination, clock: { wallMs: () => lines * 1000 } });
}
