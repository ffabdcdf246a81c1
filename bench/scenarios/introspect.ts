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
    const answer = await introspect(assay, tokens[0] ?? '');
    const requests = tokens.map(introspectRequest);
    const [ours, route, server] = await interleave(
      [
        await stage.underLoad('assay', http(assay), requests),
        await stage.underLoad('bare route', await stage.bareNest(answer), requests),
        await stage.underLoad('bare server', await stage.bareHttp(answer), requests),
      ],
      effort,
    );
    const measure = '`/introspect`, repeated tokens, Basic caller';
    return ours && route && server
      ? [
          rateRow(measure, [ours, route], 'bare NestJS + Fastify route', 0.8),
          rateRow(measure, [ours, server], 'bare `node:http`', 0.55),
        ]
      : [];
  },
};
