import { formatDuration } from '../../shared/configuration/quantities.js';
import { findingKinds } from '../../hygiene/findings.js';
import { WrongCall, command, exitCodes, jsonOption, type CommandHost, type ExitCode } from '../command.js';
import { plainText } from '../plain-text.js';
import { columns } from '../table.js';
import { ServiceClient, sayRefusal, serviceOptions, type ServiceAnswer } from './service-client.js';

type Members = Readonly<Record<string, unknown>>;

/** `assay hygiene`: what an auditor of machine identities would ask, by the admin API of a running service. */
export const hygieneCommand = command({
  name: 'hygiene',
  summary: 'lists what nobody rotates, uses or ends: keys, issuers, callers, rights and secrets of a running service',
  operands: [],
  options: {
    kind: { argument: 'KIND', help: `only these: one of ${findingKinds.join(', ')}` },
    issuer: { argument: 'ID', help: 'only those about this registration' },
    caller: { argument: 'ID', help: 'only those about this caller' },
    undecided: { help: 'also what was not watched long enough for anybody to know' },
    seen: { help: 'also the algorithms and lifetimes of each issuer that were seen, beside those that it may use' },
    ...serviceOptions,
    json: jsonOption,
  },
  description: `Prints each finding with what to do, the most urgent kind first, and how long the service has watched. All
replicas that share a Redis give the same answer, and their restarts lose nothing of it. The section hygiene of the
configuration says from when on something is a finding; docs/governance.md says what each kind means.
`,
  ends: [
    [exitCodes.good, 'there is no finding'],
    [exitCodes.no, 'there are findings, or the service refuses: the reason is on standard error'],
    [exitCodes.unavailable, 'the service does not answer, or cannot do it now'],
  ],
  examples: [
    'assay hygiene',
    'assay hygiene --seen',
    'assay hygiene --kind secret_ending --admin-token-file /run/secrets/viewer',
    "assay hygiene --json | jq -r '.findings[] | [.kind, .issuer, .caller] | @tsv'",
  ],
  run: async ({ options }, host) => {
    const { kind, issuer, caller } = options;
    if (kind !== undefined && !findingKinds.some((each) => each === kind)) {
      throw new WrongCall(`--kind: expected one of ${findingKinds.join(', ')}`);
    }
    const asked = Object.entries({ kind, issuer, caller }).filter((each): each is [string, string] => !!each[1]);
    const query = asked.length === 0 ? '' : `?${new URLSearchParams(asked).toString()}`;
    const answer = await new ServiceClient(options, host).ask('GET', `hygiene${query}`);
    return say(answer, options, host);
  },
});

function say(
  answer: ServiceAnswer,
  { json, undecided: isWhole, seen: hasSeen }: Readonly<Record<'json' | 'undecided' | 'seen', boolean>>,
  host: CommandHost,
): ExitCode {
  if (answer.status !== 200) return sayRefusal(answer, host);
  const { findings, findingCount, undecided, undecidedCount, watch, seen } = answer.body;
  if (json) host.print(`${JSON.stringify(answer.body)}\n`);
  else {
    host.print(textOf(findings));
    host.print(`${countOf(findingCount)} findings, watched since ${sinceOf(watch)}\n`);
    if (isWhole) host.print(`\n${textOf(undecided)}`);
    host.print(`${countOf(undecidedCount)} not decided: watched too briefly\n`);
    if (hasSeen) host.print(`\n${columns([seenTitles, ...objectsIn(seen).map(seenRow)])}`);
  }
  return countOf(findingCount) === 0 ? exitCodes.good : exitCodes.no;
}

/** A line for what is so, and one for what to do. */
function textOf(findings: unknown): string {
  return objectsIn(findings)
    .map(({ kind, says, thumbprint, firstStep }) => {
      const key = typeof thumbprint === 'string' ? ` (${plainText(thumbprint)})` : '';
      return `${plainText(kind)}: ${plainText(says)}${key}\n  to do: ${plainText(firstStep)}\n`;
    })
    .join('');
}

const seenTitles = ['issuer', 'longest lifetime', 'allowed', 'algorithms'];

/** What an issuer does, beside what it may: of an algorithm, when it signed last. */
function seenRow({ issuer, longestLifetimeSeconds, maxLifetimeSeconds, algorithms }: Members): string[] {
  const allowed = objectsIn(algorithms).map(
    ({ algorithm, lastUse }) => `${plainText(algorithm)} ${plainText(lastUse) || 'not seen'}`,
  );
  const longest = longestLifetimeSeconds === undefined ? '?' : formatDuration(countOf(longestLifetimeSeconds) * 1_000);
  return [plainText(issuer), longest, formatDuration(countOf(maxLifetimeSeconds) * 1_000), allowed.join(', ')];
}

function objectsIn(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.map((each) => each as Members) : [];
}

function countOf(count: unknown): number {
  return typeof count === 'number' ? count : 0;
}

function sinceOf(watch: unknown): string {
  const since = (watch as Readonly<Record<string, unknown>> | undefined)?.['since'];
  return plainText(since) || 'now';
}
