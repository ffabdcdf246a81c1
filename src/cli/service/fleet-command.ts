import { command, exitCodes, jsonOption, type CommandHost, type ExitCode } from '../command.js';
import { columns } from '../table.js';
import { plainText } from '../plain-text.js';
import { ServiceClient, sayRefusal, serviceOptions, type ServiceAnswer } from './service-client.js';

type Members = Readonly<Record<string, unknown>>;

/** `assay fleet`: whether all replicas in all regions agree, by the admin API of one of them. */
export const fleetCommand = command({
  name: 'fleet',
  summary: 'says whether all replicas in all regions agree, and if not, in what they differ',
  operands: [],
  options: { ...serviceOptions, json: jsonOption },
  description: `Asks one replica, which asks the regions that its admin.regions names, for 3 s at most. Prints one
sentence, a line for each region (its state, its replicas, its issuers by the state of their keys, its
denied keys, and how old that is), and what differs, the worst first, each with what to do. Of a region
that does not report it prints what it last reported, with its age.
`,
  ends: [
    [exitCodes.good, 'every region has reported, and there is nothing to do'],
    [
      exitCodes.no,
      'a region does not report, regions or replicas differ, or something else is to do; or the service refuses: the reason is on standard error',
    ],
    [exitCodes.unavailable, 'the service does not answer, or cannot do it now'],
  ],
  examples: [
    'assay fleet',
    'assay fleet --service https://assay-eu.internal.example:8081 --admin-token-file /run/secrets/viewer',
    "assay fleet --json | jq -r '.findings[] | [.region, .kind, .says] | @tsv'",
  ],
  run: async ({ options }, host) => {
    const answer = await new ServiceClient(options, host).ask('GET', 'fleet');
    return say(answer, options.json, host);
  },
});

function say(answer: ServiceAnswer, isJson: boolean, host: CommandHost): ExitCode {
  if (answer.status !== 200) return sayRefusal(answer, host);
  const { sentence, firstStep, isHealthy, isComplete, detail, regions, findings, findingCount } = answer.body;
  if (isJson) host.print(`${JSON.stringify(answer.body)}\n`);
  else {
    host.print(`${plainText(sentence)}\n`);
    if (firstStep !== undefined) host.print(`  to do: ${plainText(firstStep)}\n`);
    host.print(`\n${columns([titles, ...membersOf(regions).map(rowOf)])}`);
    if (isComplete !== true) host.print(`\nNot everything is known: ${plainText(detail)}\n`);
    host.print(membersOf(findings).map(textOf).join(''));
    const left = numberOf(findingCount) - membersOf(findings).length;
    if (left > 0) host.print(`\n${left} more are not shown\n`);
  }
  return isHealthy === true && isComplete === true ? exitCodes.good : exitCodes.no;
}

const titles = ['region', 'state', 'replicas', 'issuers', 'denied keys', 'as of'];

/** A region that has never reported has no figures. */
function rowOf({ name, isOwn, state, category, replicas, issuers, deniedKeys, ageSeconds }: Members): string[] {
  const why = typeof category === 'string' ? ` (${plainText(category)})` : '';
  const { live, remembered } = objectOf(replicas);
  const { states, total } = objectOf(issuers);
  const byState = Object.entries(objectOf(states)).map(([each, count]) => `${numberOf(count)} ${plainText(each)}`);
  const isKnown = ageSeconds !== undefined;
  return [
    plainText(name) || '-',
    isOwn === true ? 'this one' : `${plainText(state)}${why}`,
    isKnown ? `${numberOf(live)} of ${numberOf(remembered)} live` : '?',
    isKnown ? byState.join(', ') || String(numberOf(total)) : '?',
    isKnown ? String(numberOf(objectOf(deniedKeys)['count'])) : '?',
    isKnown ? `${numberOf(ageSeconds)} s ago` : 'never',
  ];
}

/** What differs, and what to do; then what it is about, a line for each. */
function textOf({ kind, says, firstStep, since, about }: Members): string {
  const from = typeof since === 'string' ? `, since ${plainText(since)}` : '';
  const names = (Array.isArray(about) ? about : []).map((each) => `  ${plainText(each)}\n`);
  return `\n${plainText(kind)}: ${plainText(says)}${from}\n  to do: ${plainText(firstStep)}\n${names.join('')}`;
}

function membersOf(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function objectOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
