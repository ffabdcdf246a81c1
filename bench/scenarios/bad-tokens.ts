import { staticIssuer } from '../harness/assay.ts';
import { interleave } from '../harness/rounds.ts';
import { http, Stage } from '../harness/subjects.ts';
import { rateRow } from '../harness/words.ts';
import { introspectRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, forged, signTokens } from '../tokens.ts';

const TOKENS = 4_000;
const cache = { verifiedTokens: '1MiB' };

/** Tokens that are not good, beside good ones. The log of refused tokens is written as it always is. */
export const badTokens: Scenario = {
  name: 'bad-tokens',
  async run(effort: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const signer = aSigner('RS256');
    const tokens = signTokens(signer, TOKENS);
    const garbage = tokens.map((token, i) => `${i}.${token.slice(-600).replaceAll('.', '-')}`);
    const assay = await stage.assay([staticIssuer('corp', signer)], { cache });
    const under = (name: string, some: readonly string[], expect: 'active' | 'inactive') =>
      stage.underLoad(name, http(assay), some.map(introspectRequest), { expect });
    const [repeated, fresh, nonsense, forgeries] = await interleave(
      [
        await under('repeated', tokens.slice(0, 100), 'active'),
        await under('new', tokens, 'active'),
        await under('garbage', garbage, 'inactive'),
        await under('forged', tokens.map(forged), 'inactive'),
      ],
      effort,
    );
    if (!repeated || !fresh || !nonsense || !forgeries) return [];
    return [
      rateRow('`/introspect`, garbage', [nonsense, repeated], 'repeated good tokens', 0.9),
      rateRow('`/introspect`, garbage', [nonsense, fresh], 'new good tokens', 1),
      rateRow('`/introspect`, forged signatures (RS256)', [forgeries, repeated], 'repeated good tokens', 0.9),
      rateRow('`/introspect`, forged signatures (RS256)', [forgeries, fresh], 'new good tokens', 1),
    ];
  },
};
