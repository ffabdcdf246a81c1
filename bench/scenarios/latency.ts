import { staticIssuer } from '../harness/assay.ts';
import { introspect } from '../harness/ask.ts';
import { interleave } from '../harness/rounds.ts';
import { median, medianRatio } from '../harness/statistics.ts';
import { http, Stage } from '../harness/subjects.ts';
import { ratioWords, whole } from '../harness/words.ts';
import { introspectRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, signTokens } from '../tokens.ts';

const TOKENS = 1_000;

/** More connections than requests under way, so that none waits for one. */
const OPEN_CONNECTIONS = 64;

const MOST = 1.5;

/** The slowest hundredth of a second varies far more than its rate: so many times the rounds of other scenarios. */
const MORE_ROUNDS = 3;

/** How long the slowest hundredth waits when there is half as much to do as could be done. */
export const latency: Scenario = {
  name: 'latency',
  async run(effort: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const signer = aSigner('RS256');
    const tokens = signTokens(signer, TOKENS);
    const assay = await stage.assay([staticIssuer('corp', signer)]);
    const bare = await stage.bareNest(await introspect(assay, tokens[0] ?? ''));
    const requests = tokens.map(introspectRequest);
    const saturated = await stage.underLoad('assay', http(assay), requests);
    const [most] = await interleave([saturated], { rounds: 3, seconds: effort.seconds });
    const perSecond = median(most?.perSecond ?? []) / 2;
    const open = { perSecond, connections: OPEN_CONNECTIONS };
    const [ours, theirs] = await interleave(
      [
        await stage.underLoad('assay', http(assay), requests, open),
        await stage.underLoad('bare route', bare, requests, open),
      ],
      { ...effort, rounds: effort.rounds * MORE_ROUNDS, turns: 1 },
    );
    if (!ours || !theirs) return [];
    const ratio = medianRatio(ours.p99Ms, theirs.p99Ms);
    return [
      {
        measure: `p99 at half the saturation load (open loop, ${whole(perSecond)}/s)`,
        assay: `${median(ours.p99Ms).toFixed(1)} ms`,
        baseline: `bare route under the same load: ${median(theirs.p99Ms).toFixed(1)} ms`,
        result: ratioWords(ours.p99Ms, theirs.p99Ms),
        target: `≤ ${MOST.toFixed(2)}`,
        isMet: ratio <= MOST,
      },
    ];
  },
};
