// `npm run bench -- --against DIRECTORY [measure…]`: this version beside another checkout that is built, in turns.
import { resolve } from 'node:path';
import { staticIssuer, type Assay, type Section } from './harness/assay.ts';
import { interleave, type Measurements } from './harness/rounds.ts';
import { median } from './harness/statistics.ts';
import { ratioWords } from './harness/words.ts';
import { grpc, http, Stage, type Listening } from './harness/subjects.ts';
import type { LoadJob } from './harness/load.ts';
import { authorizeRequest, introspectCall, introspectRequest } from './requests.ts';
import type { Effort } from './scenario.ts';
import { aSigner, forged, signTokens, type Signer } from './tokens.ts';

/** What both versions are asked. */
interface Measure {
  readonly name: string;
  readonly algorithm?: 'RS256' | 'ES256';
  readonly tokens: number;
  readonly more?: Section;
  readonly job?: Partial<LoadJob>;
  readonly listener?: (assay: Assay) => Listening;
  readonly request: (token: string) => Buffer;
}

/** Little memory, and more tokens than fit into it: each is new whenever it comes. */
const forgetful = { tokens: 4_000, more: { cache: { verifiedTokens: '1MiB' } } };
const repeated = { tokens: 1_000 };

const measures: readonly Measure[] = [
  { name: 'introspect repeated', ...repeated, request: introspectRequest },
  { name: 'introspect new RS256', ...forgetful, request: introspectRequest },
  { name: 'introspect new ES256', algorithm: 'ES256', ...forgetful, request: introspectRequest },
  {
    name: 'introspect forged',
    ...forgetful,
    job: { expect: 'inactive' },
    request: (token) => introspectRequest(forged(token)),
  },
  { name: 'authorize repeated', ...repeated, request: authorizeRequest },
  { name: 'gRPC repeated', ...repeated, listener: grpc, job: { protocol: 'grpc' }, request: introspectCall },
];

/** Prints, for each measure, both versions and the median of the ratios of the rounds, with the least and the greatest. */
export async function compareVersions(against: string, names: readonly string[], effort: Effort): Promise<void> {
  const checkouts = [undefined, resolve(against)] as const;
  for (const measure of measures.filter(
    ({ name }) => names.length === 0 || names.some((part) => name.includes(part)),
  )) {
    await using stage = new Stage();
    const signer = aSigner(measure.algorithm ?? 'RS256');
    const subjects = await Promise.all(checkouts.map((checkout) => subjectOf(stage, measure, signer, checkout)));
    const [ours, theirs] = await interleave(subjects, effort);
    if (ours && theirs) process.stdout.write(`${lineOf(measure.name, ours, theirs)}\n`);
  }
  if (names.length === 0 || names.includes('start')) await compareStart(checkouts, effort);
}

async function subjectOf(stage: Stage, measure: Measure, signer: Signer, checkout: string | undefined) {
  const { tokens, more = {}, job = {}, listener = http, request } = measure;
  const assay = await stage.assay([staticIssuer('corp', signer)], more, checkout);
  return stage.underLoad(checkout ?? 'this version', listener(assay), signTokens(signer, tokens).map(request), job);
}

function lineOf(name: string, ours: Measurements, theirs: Measurements): string {
  const [rate, cost] = [ratioWords(ours.perSecond, theirs.perSecond), ratioWords(ours.cpuUs, theirs.cpuUs)];
  const [perSecond, otherPerSecond] = [ours, theirs].map((each) => median(each.perSecond).toFixed(0));
  const [cpuUs, otherCpuUs] = [ours, theirs].map((each) => median(each.cpuUs).toFixed(0));
  const rates = `answers/s ${perSecond} beside ${otherPerSecond}: × ${rate}`;
  return `${name}: ${rates}; µs of processor time each ${cpuUs} beside ${otherCpuUs}: × ${cost}`;
}

/** From the start of the process to the moment at which it is ready, in milliseconds; and the processor time until then. */
async function compareStart(checkouts: readonly (string | undefined)[], { rounds }: Effort): Promise<void> {
  const issuer = staticIssuer('corp', aSigner('RS256'));
  const readyMs = checkouts.map((): number[] => []);
  const cpuMs = checkouts.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < checkouts.length; turn++) {
      const index = (round + turn) % checkouts.length;
      await using stage = new Stage();
      const { child } = await stage.assay([issuer], {}, checkouts[index]);
      readyMs[index]?.push(child.readyAfterMs);
      cpuMs[index]?.push(await child.cpuMs());
    }
  }
  const later = median((readyMs[0] ?? []).map((ms, i) => ms - (readyMs[1]?.[i] ?? NaN)));
  const [ready, otherReady] = readyMs.map((each) => `${median(each).toFixed(0)} (${range(each)})`);
  const [cpu, otherCpu] = cpuMs.map((each) => `${median(each).toFixed(0)} (${range(each)})`);
  process.stdout.write(`start: ms until ready ${ready} beside ${otherReady}: ${later.toFixed(0)} later; `);
  process.stdout.write(`ms of processor time ${cpu} beside ${otherCpu}\n`);
}

function range(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
}
