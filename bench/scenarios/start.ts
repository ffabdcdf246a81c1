import { median } from '../harness/statistics.ts';
import { Stage } from '../harness/subjects.ts';
import { publish, untilKeysAreKnown } from '../harness/world.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';

const ISSUERS = 10;
const MOST_MORE_MS = 400;
const MOST_CPU_MS = 700;

/** From the start of the process to the moment at which it answers, with keys that Redis knows. */
export const start: Scenario = {
  name: 'start',
  async run({ rounds }: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const world = await publish(stage, ISSUERS, 2);
    const warming = await stage.assay(world.issuers, world.shared);
    await untilKeysAreKnown(warming, 0);
    await warming.stop();
    const [ours, cpuMs, keys, theirs]: [number[], number[], number[], number[]] = [[], [], [], []];
    for (let round = 0; round < rounds; round++) {
      const startedMs = performance.now();
      const assay = await stage.assay(world.issuers, world.shared);
      ours.push(assay.child.readyAfterMs);
      cpuMs.push(await assay.child.cpuMs());
      keys.push(await untilKeysAreKnown(assay, startedMs));
      await assay.stop();
      const bare = await stage.bareNest('{}');
      theirs.push(bare.child.readyAfterMs);
      await bare.child.stop();
    }
    const more = median(ours.map((ms, i) => ms - (theirs[i] ?? NaN)));
    return [
      {
        measure: `start to ready, ${ISSUERS} issuers, warm Redis`,
        assay: `${median(ours).toFixed(0)} ms (with all keys ${median(keys).toFixed(0)} ms)`,
        baseline: `bare NestJS application: ${median(theirs).toFixed(0)} ms`,
        result: `+ ${more.toFixed(0)} ms`,
        target: `≤ + ${MOST_MORE_MS} ms`,
        isMet: more <= MOST_MORE_MS,
      },
      {
        measure: `start to ready, ${ISSUERS} issuers, warm Redis: processor time`,
        assay: `${median(cpuMs).toFixed(0)} ms`,
        baseline: '–',
        result: `${median(cpuMs).toFixed(0)} ms`,
        target: `≤ ${MOST_CPU_MS} ms`,
        isMet: median(cpuMs) <= MOST_CPU_MS,
      },
    ];
  },
};
