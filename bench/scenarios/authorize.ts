import { staticIssuer } from '../harness/assay.ts';
import { authorize } from '../harness/ask.ts';
import { interleave } from '../harness/rounds.ts';
import { http, Stage } from '../harness/subjects.ts';
import { rateRow } from '../harness/words.ts';
import { authorizeRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, signTokens } from '../tokens.ts';

const TOKENS = 1_000;

/** `/authorize` with repeated tokens, beside a bare `GET` route that answers the same headers. */
export const authorizeRepeated: Scenario = {
  name: 'authorize',
  async run(effort: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const signer = aSigner('RS256');
    const tokens = signTokens(signer, TOKENS);
    const assay = await stage.assay([staticIssuer('corp', signer)]);
    const bare = await stage.bareNest('', await authorize(assay, tokens[0] ?? ''));
    const requests = tokens.map(authorizeRequest);
    const [ours, theirs] = await interleave(
      [await stage.underLoad('assay', http(assay), requests), await stage.underLoad('bare route', bare, requests)],
      effort,
    );
    return ours && theirs ? [rateRow('`/authorize`, repeated tokens', [ours, theirs], 'bare `GET` route', 0.75)] : [];
  },
};
