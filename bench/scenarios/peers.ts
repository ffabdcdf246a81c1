import { staticIssuer } from '../harness/assay.ts';
import { interleave } from '../harness/rounds.ts';
import { median, medianRatio } from '../harness/statistics.ts';
import { http, Stage } from '../harness/subjects.ts';
import { rate } from '../harness/words.ts';
import { heimdall } from '../peers/heimdall.ts';
import { hydra } from '../peers/hydra.ts';
import { keycloak } from '../peers/keycloak.ts';
import { oathkeeper } from '../peers/oathkeeper.ts';
import { oidcProvider } from '../peers/oidc-provider.ts';
import { TOKENS } from '../peers/own-tokens.ts';
import { pathOf, type Peer } from '../peers/peer.ts';
import { authorizeRequest, introspectRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, signTokens } from '../tokens.ts';

const known: readonly Peer[] = [oidcProvider, keycloak, hydra, oathkeeper, heimdall];

const requestOf = { introspect: introspectRequest, authorize: authorizeRequest };

/** Before what is measured, in seconds: Java compiles for longer than a few turns last. */
const WARM_UP_SECONDS = 20;

/** What others answer in the same run, on the same processor, of those that are there. */
export const peers: Scenario = {
  name: 'peers',
  async run(effort: Effort): Promise<readonly Row[]> {
    // A wrong path is known before anything is measured.
    const found = [];
    for (const peer of known) found.push({ peer, path: peer.program ? await pathOf(peer.program) : '' });
    const rows: Row[] = [];
    for (const { peer, path } of found)
      rows.push(path === undefined ? missing(peer) : await beside(peer, path, effort));
    return rows;
  },
};

/** One peer at a time, with an Assay as fresh as it is. */
async function beside(peer: Peer, path: string, effort: Effort): Promise<Row> {
  await using stage = new Stage();
  const signer = aSigner('RS256');
  const assay = await stage.assay([staticIssuer('corp', signer)]);
  const { requests, remark, ...listening } = await peer.start(stage, path, signer);
  const theirs = await stage.underLoad(peer.name, listening, requests);
  if (effort.rounds > 1) await theirs.run({ seconds: WARM_UP_SECONDS });
  const subjects = [
    await stage.underLoad('assay', http(assay), signTokens(signer, TOKENS).map(requestOf[peer.endpoint])),
    theirs,
  ];
  const [our, their] = await interleave(subjects, effort);
  if (!our || !their) throw new Error('nothing was measured');
  return {
    measure: measureOf(peer),
    assay: rate(our),
    baseline: `${peer.name} (${remark}): ${rate(their)}`,
    result: `× ${medianRatio(our.perSecond, their.perSecond).toFixed(1)}, × ${(median(their.cpuUs) / median(our.cpuUs)).toFixed(1)} by processor time`,
    target: '–',
  };
}

function missing(peer: Peer): Row {
  const { name, program } = peer;
  const baseline = `${name}: not measured, no ${program?.variable} names ${program?.file}`;
  return { measure: measureOf(peer), assay: '–', baseline, result: '–', target: '–' };
}

function measureOf({ endpoint }: Peer): string {
  return `\`/${endpoint}\`, repeated tokens, beside a peer`;
}
