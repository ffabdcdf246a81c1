import type { Assay } from '../harness/assay.ts';
import type { LoadJob, LoadResult } from '../harness/load.ts';
import { median, medianRatio } from '../harness/statistics.ts';
import { ratioWords } from '../harness/words.ts';
import { http, Stage } from '../harness/subjects.ts';
import { publish, untilKeysAreKnown, type World } from '../harness/world.ts';
import { introspectRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { signTokens } from '../tokens.ts';

const ISSUERS = 10;
const TOKENS = 1_000;
const MOST = 2;

/** Longer than `minSpacing`, so that every fetch that is asked for is made, in milliseconds. */
const BETWEEN_MS = 1_200;

/** In the middle of its second, in milliseconds. */
const EVENT_AFTER_MS = 300;

type Event = (assay: Assay, world: World, round: number) => Promise<unknown>;

const refresh: Event = (assay) => assay.management('/admin/v1/issuers/issuer-0/refresh', 'POST');

const events: Readonly<Record<string, Event>> = {
  'a refresh': refresh,
  'a rotation': async (assay, world, round) => {
    await world.rotate();
    return refresh(assay, world, round);
  },
  'a reload of the configuration': (assay, world, round) =>
    assay.reconfigure({ issuers: world.issuers.map((issuer) => ({ ...issuer, clockTolerance: `${20 + round}s` })) }),
};

/** What happens beside the requests, and what the requests of that second notice of it. */
export const underLoad: Scenario = {
  name: 'events',
  async run({ rounds, seconds }: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const world = await publish(stage, ISSUERS, 2);
    const [first] = world.signers;
    if (!first) return [];
    const assay = await stage.assay(world.issuers, world.shared);
    await untilKeysAreKnown(assay, 0);
    const subject = await stage.underLoad('assay', http(assay), signTokens(first, TOKENS).map(introspectRequest));
    const most = [];
    for (let i = 0; i < 4; i++) most.push((await subject.measure(seconds)).answers / seconds);
    const perSecond = median(most) / 2;
    const second: Partial<LoadJob> & { seconds: number } = { seconds: 1, perSecond, connections: 64 };

    const rows: Row[] = [];
    for (const [name, event] of Object.entries(events)) {
      const [quiet, busy]: [LoadResult[], LoadResult[]] = [[], []];
      for (let round = 0; round < rounds; round++) {
        quiet.push(await subject.run(second));
        const measured = subject.run(second);
        await new Promise((resolve) => setTimeout(resolve, EVENT_AFTER_MS));
        await event(assay, world, round);
        busy.push(await measured);
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
      }
      rows.push(rowOf(name, p99s(busy), p99s(quiet)));
    }
    return rows;
  },
};

function p99s(results: readonly LoadResult[]): readonly number[] {
  return results.map(({ p99Ms }) => p99Ms);
}

function rowOf(name: string, busy: readonly number[], quiet: readonly number[]): Row {
  const ratio = medianRatio(busy, quiet);
  return {
    measure: `p99 of a second with ${name}, half the saturation load`,
    assay: `${median(busy).toFixed(1)} ms`,
    baseline: `a second without: ${median(quiet).toFixed(1)} ms`,
    result: ratioWords(busy, quiet),
    target: `≤ ${MOST.toFixed(2)}`,
    isMet: ratio <= MOST,
  };
}
