import { command, exitCodes, jsonOption, type CommandHost, type ExitCode } from '../command.js';
import { loadFile, warningsText, type FileVerdict } from '../load-file.js';
import { checkOnline } from './check-online.js';
import { onlineTable, type OnlineRow } from './online-row.js';

/** `assay check`: whether a configuration is good, before a service runs with it; with `--online`, whether the world is as it says. */
export const checkCommand = command({
  name: 'check',
  summary: 'says whether a configuration file is good, without starting anything',
  operands: [{ name: 'FILE', isOptional: true }],
  options: {
    online: { help: 'ask everybody whom the service would ask, when the file is good' },
    json: jsonOption,
  },
  description: `Reads FILE as the service does at its start, with every file and environment variable that it names,
and every file that it includes, and says everything that is wrong with them, each with its place, what
was found and what was expected. Without FILE it takes the file that the service would take:
$ASSAY_CONFIG, ./assay.yaml, /etc/assay/assay.yaml.

Without --online it opens no connection. With it, a good file is held against the world, with one line
for each: every issuer, and every caller that publishes keys (discovery, TLS, the key set, which keys
can be used, whether there is one for each of algorithms), Redis (connection, password, rights, clock),
and the clock of this machine. Each line says good, warning or FAILED, and what to do. Nothing is
changed anywhere. 20 are asked at a time, and none is waited for longer than 6 seconds.

With --json: file, isValid, digest, problems and warnings, each with path, line, found and expected, and
with the file where it is an included one; with --online also online: isGood, tookMs and rows, each with
kind, id, result, found, remedy and facts.
`,
  ends: [
    [exitCodes.good, 'the file is good, and with --online nothing FAILED; warnings do not count'],
    [exitCodes.unavailable, 'the file is good, and something FAILED online'],
    [exitCodes.configuration, 'the file is not good; nobody was asked'],
  ],
  examples: [
    'assay check assay.yaml',
    'assay check assay.yaml --online',
    'assay check --json assay.yaml | jq -r \'.problems[] | "\\(.line): \\(.path): \\(.expected)"\'',
    'assay check --online --json | jq \'.online.rows[] | select(.result != "good")\'',
    'docker run --rm -v ./assay.yaml:/etc/assay/assay.yaml:ro IMAGE check',
  ],
  run: async ({ operands, options }, host) => {
    const verdict = await loadFile(operands[0], host);
    const { good } = verdict;
    const beganMs = host.clock.monoMs();
    const rows = options.online && good ? await checkOnline(good, host) : undefined;
    const online = rows && { rows, tookMs: Math.round(host.clock.monoMs() - beganMs) };
    if (options.json) host.print(`${JSON.stringify(jsonOf(verdict, online))}\n`);
    else sayIn(host, verdict, online);
    return exitCodeOf(verdict, online);
  },
});

/** What was found online. */
interface Online {
  readonly rows: readonly OnlineRow[];
  readonly tookMs: number;
}

function exitCodeOf({ isValid }: FileVerdict, online: Online | undefined): ExitCode {
  if (!isValid) return exitCodes.configuration;
  return online === undefined || isGood(online) ? exitCodes.good : exitCodes.unavailable;
}

function isGood({ rows }: Online): boolean {
  return rows.every(({ result }) => result !== 'failed');
}

function jsonOf({ file, isValid, digest, problems, warnings }: FileVerdict, online: Online | undefined): object {
  const whole = { file, isValid, digest, problems, warnings };
  return online ? { ...whole, online: { isGood: isGood(online), ...online } } : whole;
}

function sayIn({ print, printError }: CommandHost, verdict: FileVerdict, online: Online | undefined): void {
  const { file, isValid, digest = '', message = '' } = verdict;
  if (!isValid) {
    printError(`${message.trimEnd()}\n`);
    return;
  }
  print(`${file}: the configuration is good\n  SHA-256 ${digest}\n${warningsText(verdict)}`);
  if (!online) return;
  const failed = online.rows.filter(({ result }) => result === 'failed').length;
  const outcome = failed === 0 ? 'nothing failed' : `${failed} of ${online.rows.length} FAILED`;
  print(`\nonline, in ${(online.tookMs / 1_000).toFixed(1)} s: ${outcome}\n\n${onlineTable(online.rows)}`);
}
