import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { subjectHash } from '../../telemetry/subject-hash.js';
import { WrongCall, command, exitCodes, type CommandHost } from '../command.js';
import { textOf } from '../keys/network-options.js';
import { goodConfiguration } from '../load-file.js';
import { plainText } from '../plain-text.js';
import { columns } from '../table.js';
import { decisionIn, type AuditedDecision, type Sought } from './audited-decision.js';
import { instantOf } from './instant.js';

const LONGEST_SUBJECT_BYTES = 4_096;

/** `assay audit find`: which key signed which action of a subject, when, and for whom. */
export const auditFindCommand = command({
  name: 'audit find',
  summary: 'finds what the audit trail has of a subject: when, for whom, by which key, at which replica',
  operands: [{ name: 'TRAIL', isOptional: true, isRepeated: true }],
  options: {
    subject: { argument: 'SUBJECT', help: 'the subject, as tokens say it; - reads it from standard input' },
    from: { argument: 'TIME', help: 'not before, such as 2026-11-24 or 2026-11-24T08:00:00Z (UTC)' },
    to: { argument: 'TIME', help: 'before; a day without a time is included whole' },
    issuer: { argument: 'ID', help: 'only tokens of this registration: two issuers may have the same subject' },
    config: {
      argument: 'FILE',
      help: 'the configuration with the key of the hashes; else the one that the service would take',
    },
    'former-key-file': { argument: 'FILE', help: 'a hashKey from before a change, searched with as well' },
    json: { help: 'print the lines of the trail as they are, one JSON object each' },
  },
  description: `Computes the keyed hash of the subject, and prints what carries it, in the order of the files: decisions about its
tokens, and that it was revoked. A line ends with the replica and the request, by which the log and the traces are searched.
TRAIL are files of the audit trail, rotated ones included; without them the file of telemetry.audit.file.
Needs telemetry.audit.subHash: true at the time of the decisions. Active verdicts are complete only where
telemetry.audit.activeSampleRatio was 1.
`,
  ends: [
    [exitCodes.good, 'something was found'],
    [exitCodes.no, 'nothing was found'],
    [exitCodes.configuration, 'the configuration is wrong, or has no key'],
  ],
  examples: [
    'assay audit find --subject anna --from 2026-11-24 --to 2026-11-24',
    'assay audit find --subject anna --issuer corp /var/log/assay/audit.jsonl.1 /var/log/assay/audit.jsonl',
    'printf %s anna | assay audit find --subject - --json | jq .thumbprint',
  ],
  run: async ({ operands, options }, host) => {
    const { from, to, issuer } = options;
    const subject = await subjectIn(options.subject, host);
    const former = options['former-key-file'];
    const formerKey = former === undefined ? undefined : textOf(former, 'former-key-file').trim();
    const period = { fromMs: instantOf(from, 'from'), toMs: instantOf(to, 'to') };
    const good = await goodConfiguration(options.config, host);
    if (!good) return exitCodes.configuration;
    const { hashKey, subHash, file, activeSampleRatio } = good.configuration.telemetry.audit;
    const keys = [hashKey, formerKey].filter((key) => key !== undefined);
    if (keys.length === 0) {
      host.printError('assay: telemetry.audit.hashKey is not set: nobody can compute the hash of a subject\n');
      return exitCodes.configuration;
    }
    const trails = operands.length > 0 ? operands : [file].filter((each) => each !== undefined);
    if (trails.length === 0) throw new WrongCall('telemetry.audit.file is not set: name the files of the trail');
    const hashes = keys.map((key) => subjectHash(key, subject));
    const found = await search(trails, { hashes, issuer, ...period }, host);
    host.print(options.json ? found.map(({ line }) => `${line}\n`).join('') : columns(found.map(cellsOf)));
    for (const note of notesOn(subHash, activeSampleRatio)) host.printError(`assay: ${note}\n`);
    return found.length > 0 ? exitCodes.good : exitCodes.no;
  },
});

/** @throws {WrongCall} */
async function subjectIn(given: string | undefined, host: CommandHost): Promise<string> {
  const subject = given === '-' ? (await host.readInput(LONGEST_SUBJECT_BYTES))?.replace(/\r?\n$/, '') : given;
  if (subject === undefined || subject === '') throw new WrongCall('--subject is needed');
  return subject;
}

/** @throws {WrongCall} where a file cannot be read */
async function search(
  trails: readonly string[],
  sought: Sought,
  { progress }: CommandHost,
): Promise<readonly AuditedDecision[]> {
  const found: AuditedDecision[] = [];
  let lines = 0;
  for (const trail of trails) {
    const input = createReadStream(trail);
    const failed = new Promise<never>((_resolve, reject) => {
      input.once('error', ({ code = 'unreadable' }: NodeJS.ErrnoException) => {
        reject(new WrongCall(`${trail}: the file cannot be read (${code})`));
      });
    });
    const read = async (): Promise<void> => {
      for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
        if (++lines % 100_000 === 0) progress(`${lines} lines of the trail read, ${found.length} found`);
        const decision = decisionIn(line, sought);
        if (decision) found.push(decision);
      }
    };
    await Promise.race([read(), failed]);
  }
  return found;
}

function notesOn(subHash: boolean, activeSampleRatio: number): readonly string[] {
  return [
    ...(subHash ? [] : ['telemetry.audit.subHash is false: decisions of now do not name their subjects']),
    ...(activeSampleRatio < 1
      ? [`telemetry.audit.activeSampleRatio is ${activeSampleRatio}: of active verdicts only a sample is there`]
      : []),
  ];
}

function cellsOf({ fields }: AuditedDecision): readonly string[] {
  const { time, door, caller, verdict, reason, issuer, thumbprint, count, action, by, replica, request_id } = fields;
  const times = typeof count === 'number' ? `× ${count}` : '';
  const whatAndWho = [door ?? action, caller ?? by];
  return [time, ...whatAndWho, issuer, thumbprint, verdict, reason, times, replica, request_id].map(plainText);
}
