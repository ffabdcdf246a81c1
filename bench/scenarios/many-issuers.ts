import { interleave } from '../harness/rounds.ts';
import { median } from '../harness/statistics.ts';
import { http, Stage } from '../harness/subjects.ts';
import { besideRow, rateRow, whole } from '../harness/words.ts';
import { publish, untilKeysAreKnown, type World } from '../harness/world.ts';
import { introspectRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { signToken, signTokens } from '../tokens.ts';

/** How many issuers, and what was promised for them. */
interface Crowd {
  readonly count: number;
  readonly keysEach: number;
  readonly atLeast?: number;
  readonly mostMb?: number;
  readonly mostReadyMs?: number;
}

const crowds: readonly Crowd[] = [
  { count: 1_000, keysEach: 10, atLeast: 0.95, mostMb: 110, mostReadyMs: 2_500 },
  { count: 10_000, keysEach: 1 },
];

/** Starts that are measured: those of many issuers take long. */
const MOST_STARTED = 10_000;

/** As many issuers take part in the load: more tokens than that are not needed to see what they cost. */
const MOST_ASKED = 1_000;

/** Many issuers, beside one of them: what they cost a request, the memory, and a start. */
export const manyIssuers: Scenario = {
  name: 'issuers',
  async run(effort: Effort): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for (const crowd of crowds) rows.push(...(await rowsOf(crowd, effort)));
    return rows;
  },
};

async function rowsOf({ count, keysEach, ...promised }: Crowd, effort: Effort): Promise<readonly Row[]> {
  await using stage = new Stage();
  const world = await publish(stage, count, keysEach);
  const [first] = world.signers;
  if (!first) return [];
  const readyMs = median(await startsMs(stage, world, Math.min(effort.rounds, Math.ceil(MOST_STARTED / count))));
  const many = await stage.assay(world.issuers, world.shared);
  await untilKeysAreKnown(many, 0);
  const one = await stage.assay(world.issuers.slice(0, 1), world.shared);
  await untilKeysAreKnown(one, 0);
  const every = Math.ceil(count / MOST_ASKED);
  const asked = world.signers.filter((_, i) => i % every === 0);
  const manyTokens = asked.map((signer) => introspectRequest(signToken(signer, 1)));
  const oneTokens = signTokens(first, asked.length).map(introspectRequest);
  const [ours, theirs] = await interleave(
    [await stage.underLoad('many', http(many), manyTokens), await stage.underLoad('one', http(one), oneTokens)],
    effort,
  );
  const [manyMb, oneMb] = [await many.child.residentMb(), await one.child.residentMb()];
  if (!ours || !theirs) return [];
  const { atLeast, mostMb, mostReadyMs } = promised;
  const name = `${whole(count)} issuers`;
  const throughput = `${name} with ${keysEach === 1 ? 'a key' : `${keysEach} keys`} each: throughput`;
  return [
    atLeast === undefined
      ? besideRow(throughput, [ours, theirs], 'one issuer')
      : rateRow(throughput, [ours, theirs], 'one issuer', atLeast),
    {
      measure: `${name}: resident memory after the load`,
      assay: `${manyMb.toFixed(0)} MB`,
      baseline: `one issuer: ${oneMb.toFixed(0)} MB`,
      result: `+ ${(manyMb - oneMb).toFixed(0)} MB`,
      ...judged(manyMb - oneMb, mostMb, (mb) => `≤ + ${mb} MB`),
    },
    {
      measure: `${name}: from the start to \`/readyz\` with all keys, warm Redis`,
      assay: `${readyMs.toFixed(0)} ms`,
      baseline: '–',
      result: `${(readyMs / 1000).toFixed(2)} s`,
      ...judged(readyMs, mostReadyMs, (ms) => `≤ ${ms / 1000} s`),
    },
  ];
}

/** Nothing is promised without a limit. */
function judged(value: number, most: number | undefined, words: (most: number) => string) {
  return most === undefined ? { target: '–' } : { target: words(most), isMet: value <= most };
}

/** From the start of the process to all keys, in milliseconds. A start before them found nothing in Redis, and filled it. */
async function startsMs(stage: Stage, world: World, rounds: number): Promise<readonly number[]> {
  const starts: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const startedMs = performance.now();
    const assay = await stage.assay(world.issuers, world.shared);
    starts.push(await untilKeysAreKnown(assay, startedMs));
    await assay.stop();
  }
  return starts.slice(1);
}
