import type { Clock } from '../shared/clock.js';
import type { CommandHost } from './command.js';

/** The process as commands see it: what it reads and prints, and whether a person watches. */
export function processHost(
  { env, stdin, stdout, stderr, cwd }: Pick<NodeJS.Process, 'env' | 'stdin' | 'stdout' | 'stderr' | 'cwd'>,
  clock: Clock,
): CommandHost {
  let isShown = false;
  const progress = (text: string): void => {
    if (!stderr.isTTY || (text === '' && !isShown)) return;
    isShown = text !== '';
    stderr.write(`\r\u001b[K${text}`);
  };
  const printTo = (stream: NodeJS.WriteStream) => (text: string) => {
    progress('');
    stream.write(text);
  };
  return {
    environment: env,
    workingDirectory: cwd(),
    clock,
    print: printTo(stdout),
    printError: printTo(stderr),
    progress,
    readInput: (mostBytes) => readAll(stdin, mostBytes),
  };
}

async function readAll(stream: AsyncIterable<Buffer | string>, mostBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString();
}
