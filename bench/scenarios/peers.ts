import { staticIssuer } from '../harness/assay.ts';
import { interleave } from '../harness/rounds.ts';
import { median, medianRatio } from '../harness/statistics.ts';
import { http, Stage } from '../harness/subjects.ts';
import { rate } from '../harness/words.ts';
import { hydra } from '../peers/hydra.ts';
import { keycloak } from '../peers/keycloak.ts';
import { oidcProvider } from '../peers/oidc-provider.ts';
import { TOKENS } from '../peers/own-tokens.ts';
import { pathOf, type Peer } from '../peers/peer.ts';
import { introspectRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, signTokens } from '../tokens.ts';

const measure = '`/introspect`, repeated tokens, beside a peer';

/** Those that this bench can start. */
const known: readonly Peer[] = [oidcProvider, keycloak, hydra];

/** Others that answer the same question, and that it cannot start. */
const absent = ['Ory Oathkeeper', 'heimdall'];

/** Before what is measured, in seconds: Java compiles for longer than a few turns last. */
const WARM_UP_SECONDS = 20;

/** What others answer in the same run, on the same processor: repeated tokens, a Basic caller. */
export const peers: Scenario = {
  name: 'peers',
  async run(effort: Effort): Promise<readonly Row[]> {
    // A wrong path is known before anything is measured.
    const found = [];
    for (const peer of known) found.push({ peer, path: peer.program ? await pathOf(peer.program) : '' });
    const rows: Row[] = [];
    for (const { peer, path } of found)
      rows.push(path === undefined ? missing(peer) : await beside(peer, path, effort));
    return [...rows, ...absent.map((name) => notMeasured(`${name}: not measured, this bench does not start it`))];
  },
};

/** One peer at a time, with an Assay as fresh as it is. */
async function beside(peer: Peer, path: string, effort: Effort): Promise<Row> {
  await using stage = new Stage();
  const signer = aSigner('RS256');
  const assay = await stage.assay([staticIssuer('corp', signer)]);
  const { requests, remark, ...listening } = await peer.start(stage, path);
  const theirs = await stage.underLoad(peer.name, listening, requests);
  if (effort.rounds > 1) await theirs.run({ seconds: WARM_UP_SECONDS });
  const subjects = [
    await stage.underLoad('assay', http(assay), signTokens(signer, TOKENS).map(introspectRequest)),
    theirs,
  ];
  const [our, their] = await interleave(subjects, effort);
  if (!our || !their) throw new Error('nothing was measured');
  return {
    measure,
    assay: rate(our),
    baseline: `${peer.name}, ${remark}: ${rate(their)}`,
    result: `× ${medianRatio(our.perSecond, their.perSecond).toFixed(1)}, × ${(median(their.cpuUs) / median(our.cpuUs)).toFixed(1)} by processor time`,
    target: '–',
  };
}

function missing({ name, program }: Peer): Row {
  return notMeasured(`${name}: not measured, no ${program?.variable} names ${program?.file}`);
}

function notMeasured(baseline: string): Row {
  return { measure, assay: '–', baseline, result: '–', target: '–' };
}
