import { interleave } from '../harness/rounds.ts';
import { median } from '../harness/statistics.ts';
import { http, Stage } from '../harness/subjects.ts';
import { rateRow } from '../harness/words.ts';
import { publish, untilKeysAreKnown, type World } from '../harness/world.ts';
import { introspectRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { signToken, signTokens } from '../tokens.ts';

const ISSUERS = 1_000;
const KEYS_EACH = 10;

const MOST_MB = 150;
const MOST_READY_MS = 3_000;

/** A thousand issuers with ten keys each, beside one: what they cost a request, the memory, and a start. */
export const manyIssuers: Scenario = {
  name: 'issuers',
  async run(effort: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const world = await publish(stage, ISSUERS, KEYS_EACH);
    const [first] = world.signers;
    if (!first) return [];
    const readyMs = median(await startsMs(stage, world, effort.rounds));
    const many = await stage.assay(world.issuers, world.shared);
    await untilKeysAreKnown(many, 0);
    const one = await stage.assay(world.issuers.slice(0, 1), world.shared);
    await untilKeysAreKnown(one, 0);
    const [ours, theirs] = await interleave(
      [
        await stage.underLoad(
          'many',
          http(many),
          world.signers.map((signer) => introspectRequest(signToken(signer, 1))),
        ),
        await stage.underLoad('one', http(one), signTokens(first, ISSUERS).map(introspectRequest)),
      ],
      effort,
    );
    const [manyMb, oneMb] = [await many.child.residentMb(), await one.child.residentMb()];
    if (!ours || !theirs) return [];
    return [
      rateRow(`${ISSUERS} issuers with ${KEYS_EACH} keys each: throughput`, [ours, theirs], 'one issuer', 0.95),
      {
        measure: `${ISSUERS} issuers: resident memory after the load`,
        assay: `${manyMb.toFixed(0)} MB`,
        baseline: `one issuer: ${oneMb.toFixed(0)} MB`,
        result: `+ ${(manyMb - oneMb).toFixed(0)} MB`,
        target: `≤ + ${MOST_MB} MB`,
        isMet: manyMb - oneMb <= MOST_MB,
      },
      {
        measure: `${ISSUERS} issuers: from the start to \`/readyz\` with all keys, warm Redis`,
        assay: `${readyMs.toFixed(0)} ms`,
        baseline: '–',
        result: `${(readyMs / 1000).toFixed(2)} s`,
        target: `≤ ${MOST_READY_MS / 1000} s`,
        isMet: readyMs <= MOST_READY_MS,
      },
    ];
  },
};

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
