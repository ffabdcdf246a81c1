import { staticIssuer } from '../harness/assay.ts';
import { interleave } from '../harness/rounds.ts';
import { http, Stage, type Listening } from '../harness/subjects.ts';
import { rate } from '../harness/words.ts';
import { median, medianRatio } from '../harness/statistics.ts';
import { basicOf, caller, introspectRequest, peerRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, signTokens } from '../tokens.ts';

/** Fewer than the memory store of the provider holds (1,000 entries in all): it must not have forgotten one. */
const TOKENS = 200;

/** Others that answer the same question, and that this bench cannot start yet. */
const absent = ['Keycloak', 'Ory Hydra', 'Ory Oathkeeper', 'heimdall'];

/** What others answer in the same run, on the same processor: repeated tokens, a Basic caller. */
export const peers: Scenario = {
  name: 'peers',
  async run(effort: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const signer = aSigner('RS256');
    const assay = await stage.assay([staticIssuer('corp', signer)]);
    const provider = await stage.oidcProvider();
    const theirTokens = await Promise.all(Array.from({ length: TOKENS }, () => takeToken(provider)));
    const [ours, theirs] = await interleave(
      [
        await stage.underLoad('assay', http(assay), signTokens(signer, TOKENS).map(introspectRequest)),
        await stage.underLoad(
          'node-oidc-provider',
          provider,
          theirTokens.map((token) => peerRequest('/token/introspection', token)),
        ),
      ],
      effort,
    );
    if (!ours || !theirs) return [];
    const measured: Row = {
      measure: '`/introspect`, repeated tokens, beside a peer',
      assay: rate(ours),
      baseline: `node-oidc-provider, opaque tokens in its own memory: ${rate(theirs)}`,
      result: `× ${medianRatio(ours.perSecond, theirs.perSecond).toFixed(1)}, × ${(median(theirs.cpuUs) / median(ours.cpuUs)).toFixed(1)} by processor time`,
      target: '–',
    };
    return [measured, ...absent.map(notMeasured)];
  },
};

function notMeasured(name: string): Row {
  return {
    measure: '`/introspect`, repeated tokens, beside a peer',
    assay: '–',
    baseline: `${name}: not measured, this bench does not start it`,
    result: '–',
    target: '–',
  };
}

/** @throws {Error} when the provider issues none */
async function takeToken({ port }: Listening): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/token`, {
    method: 'POST',
    headers: { authorization: basicOf(caller.secret) },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read orders:write' }),
  });
  const { access_token: token } = (await response.json()) as { readonly access_token?: string };
  if (token === undefined) throw new Error(`node-oidc-provider issues no token: ${response.status}`);
  return token;
}
