import { staticIssuer } from '../harness/assay.ts';
import { introspect } from '../harness/ask.ts';
import { interleave } from '../harness/rounds.ts';
import { http, Stage } from '../harness/subjects.ts';
import { rateRow } from '../harness/words.ts';
import { introspectRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, signTokens } from '../tokens.ts';

/** As many tokens as the callers of a busy API present at a time. */
const TOKENS = 1_000;

/** `POST /introspect` with tokens that come again, as they do. */
export const introspectRepeated: Scenario = {
  name: 'introspect',
  async run(effort: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const signer = aSigner('RS256');
    const tokens = signTokens(signer, TOKENS);
    const assay = await stage.assay([staticIssuer('corp', signer)]);
    const bare = await stage.bareNest(await introspect(assay, tokens[0] ?? ''));
    const requests = tokens.map(introspectRequest);
    const [ours, theirs] = await interleave(
      [await stage.underLoad('assay', http(assay), requests), await stage.underLoad('bare route', bare, requests)],
      effort,
    );
    return ours && theirs
      ? [rateRow('`/introspect`, repeated tokens, Basic caller', [ours, theirs], 'bare route', 0.8)]
      : [];
  },
};
