import { stringify } from 'yaml';
import type { StepDetail } from '../../admin/explain/explanation.js';
import { closest } from '../../shared/configuration/closest.js';
import { WrongCall, command, exitCodes, jsonOption, type CommandHost, type ExitCode } from '../command.js';
import { goodConfiguration, type GoodConfiguration } from '../load-file.js';
import { ServiceClient, sayRefusal, serviceOptions } from '../service/service-client.js';
import { explainLocally } from './explain-locally.js';

/** More than any limit for tokens allows: what is longer was no token by mistake. */
const LONGEST_INPUT_BYTES = 1_024 * 1_024;

/** `assay explain`: why a token is good or not, step by step, by the code that judges it. */
export const explainCommand = command({
  name: 'explain',
  summary: 'says step by step how a token from standard input is judged, and why',
  operands: [{ name: 'FILE', isOptional: true }],
  options: {
    caller: { argument: 'ID', help: 'the caller for whom it is judged; needed where the file has several' },
    running: { help: 'ask a running service instead of judging here; FILE is not read then' },
    ...serviceOptions,
    json: jsonOption,
  },
  description: `Reads one token from standard input, never from an argument, and judges it as the service would for that
caller: every step, every rule with what was found and expected, what was near, and what the provider's
tokens usually lack. Needs no running service: keys are fetched from the issuer of the token, if it could
pass. Denials and revocations of operators are known to running services alone: with --running one of
them is asked (POST /admin/v1/explain, the token of an operator). Neither the token nor its signature is
printed, stored or logged.
`,
  ends: [
    [exitCodes.good, 'the token is active for this caller'],
    [exitCodes.no, 'it is not: rejection says why'],
    [exitCodes.unavailable, 'it cannot be known, because keys or the service are not available'],
    [exitCodes.configuration, 'the configuration is wrong: every problem is on standard error'],
  ],
  examples: [
    'printf %s "$TOKEN" | assay explain assay.yaml --caller orders-api',
    'pbpaste | assay explain --caller orders-api --json | jq .rejection',
    'printf %s "$TOKEN" | assay explain --running --caller orders-api --admin-token-file operator.token',
  ],
  run: async ({ operands: [file], options }, host) => {
    const { running, caller, json } = options;
    const judge = running ? askService(options, host) : await judgeHere(file, caller, host);
    if (!judge) return exitCodes.configuration;
    const explanation = await judge(await tokenIn(host));
    if (typeof explanation === 'number') return explanation;
    if (!running && explanation['verdict'] === 'active') host.printError(`assay: ${notKnownHere}\n`);
    return say(explanation, json, host);
  },
});

const notKnownHere = 'what operators have denied or revoked at running services is not known here: --running asks one';

/** What comes of a token: its explanation, or how the command ends without one. */
type Judge = (token: string) => Promise<StepDetail | ExitCode>;

/** @returns undefined after saying what is wrong with the configuration */
async function judgeHere(
  file: string | undefined,
  named: string | undefined,
  host: CommandHost,
): Promise<Judge | undefined> {
  const good = await goodConfiguration(file, host);
  if (!good) return undefined;
  const caller = callerIn(good, named);
  return (token) => explainLocally({ token, caller }, good, host.clock);
}

/** @throws {WrongCall} */
function callerIn({ prepared }: GoodConfiguration, named: string | undefined): string {
  const ids = prepared.callers.registered.map(({ caller: { id } }) => id);
  const [only] = ids;
  if (named === undefined && ids.length === 1 && only !== undefined) return only;
  if (named === undefined) throw new WrongCall('--caller is needed: the configuration has several callers');
  if (ids.includes(named)) return named;
  const near = closest(named, ids);
  throw new WrongCall(`there is no caller with this id${near === undefined ? '' : `; did you mean ${near}?`}`);
}

/** @throws {WrongCall} */
function askService(
  options: { readonly caller: string | undefined } & ConstructorParameters<typeof ServiceClient>[0],
  host: CommandHost,
): Judge {
  const { caller } = options;
  if (caller === undefined) throw new WrongCall('--caller is needed with --running');
  const service = new ServiceClient(options, host);
  return async (token) => {
    const answer = await service.ask('POST', 'explain', { token, caller });
    return answer.status === 200 ? answer.body : sayRefusal(answer, host);
  };
}

/** @throws {WrongCall} */
async function tokenIn(host: CommandHost): Promise<string> {
  host.progress('a token, then Enter and Ctrl-D: ');
  const input = await host.readInput(LONGEST_INPUT_BYTES);
  if (input === undefined) throw new WrongCall('standard input is longer than any token');
  const token = input.trim();
  if (token === '') throw new WrongCall('standard input has no token');
  return token;
}

const endings: Readonly<Record<string, ExitCode>> = {
  active: exitCodes.good,
  inactive: exitCodes.no,
  unknown: exitCodes.unavailable,
};

function say(explanation: StepDetail, isJson: boolean, { print }: CommandHost): ExitCode {
  const { steps, ...about } = explanation;
  if (isJson) print(`${JSON.stringify(explanation)}\n`);
  else print(stringify({ ...about, steps: stepsByName(steps) }, { lineWidth: 0 }));
  return endings[String(explanation['verdict'])] ?? exitCodes.internal;
}

/** In their order, each with what was seen of it: what was not needed, or not reached, in a word. */
function stepsByName(steps: unknown): Readonly<Record<string, unknown>> {
  const list = Array.isArray(steps) ? (steps as readonly StepDetail[]) : [];
  const named = list.map(({ step, outcome, ...detail }) => {
    const isBare = Object.keys(detail).length === 0;
    return [String(step), isBare ? outcome : { outcome, ...detail }] as const;
  });
  return Object.fromEntries(named);
}
