import { staticIssuer } from '../harness/assay.ts';
import { introspect } from '../harness/ask.ts';
import { interleave } from '../harness/rounds.ts';
import { http, Stage } from '../harness/subjects.ts';
import { besideRow, rateRow } from '../harness/words.ts';
import { introspectRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, signTokens } from '../tokens.ts';

/** More tokens than fit into the memory that Assay gets here, asked about in turns: none is ever remembered when it comes. */
const TOKENS = 4_000;
const cache = { verifiedTokens: '1MiB' };

/** `POST /introspect` when every token is new, signed with RS256. */
export const introspectNewRsa: Scenario = {
  name: 'introspect-new-rs256',
  async run(effort: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const signer = aSigner('RS256');
    const tokens = signTokens(signer, TOKENS);
    const assay = await stage.assay([staticIssuer('corp', signer)], { cache });
    const bare = await stage.bareNest(await introspect(assay, tokens[0] ?? ''));
    const requests = tokens.map(introspectRequest);
    const [ours, theirs] = await interleave(
      [await stage.underLoad('assay', http(assay), requests), await stage.underLoad('bare route', bare, requests)],
      effort,
    );
    return ours && theirs ? [rateRow('`/introspect`, every token new, RS256', [ours, theirs], 'bare route', 0.45)] : [];
  },
};

/** The same with ES256, and beside the verification alone. */
export const introspectNewEc: Scenario = {
  name: 'introspect-new-es256',
  async run(effort: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const signer = aSigner('ES256');
    const tokens = signTokens(signer, TOKENS);
    const assay = await stage.assay([staticIssuer('corp', signer)], { cache });
    const bare = await stage.bareNest(await introspect(assay, tokens[0] ?? ''));
    const requests = tokens.map(introspectRequest);
    const [ours, theirs, verification] = await interleave(
      [
        await stage.underLoad('assay', http(assay), requests),
        await stage.underLoad('bare route', bare, requests),
        await stage.plainVerification(signer.key, tokens),
      ],
      effort,
    );
    const measure = '`/introspect`, every token new, ES256';
    return ours && theirs && verification
      ? [
          rateRow(measure, [ours, theirs], 'bare route', 0.4),
          besideRow(measure, [ours, verification], '`node:crypto` verify on one thread'),
        ]
      : [];
  },
};
