import { staticIssuer } from '../harness/assay.ts';
import { asMessage, introspect } from '../harness/ask.ts';
import { interleave } from '../harness/rounds.ts';
import { grpc, Stage } from '../harness/subjects.ts';
import { rateRow } from '../harness/words.ts';
import { introspectCall } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, signTokens } from '../tokens.ts';

const TOKENS = 1_000;

/** `assay.v1.Introspection` with repeated tokens, beside a server that only answers. */
export const grpcRepeated: Scenario = {
  name: 'grpc',
  async run(effort: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const signer = aSigner('RS256');
    const tokens = signTokens(signer, TOKENS);
    const assay = await stage.assay([staticIssuer('corp', signer)]);
    const bare = await stage.bareGrpc(asMessage(await introspect(assay, tokens[0] ?? '')));
    const calls = tokens.map(introspectCall);
    const [ours, theirs] = await interleave(
      [
        await stage.underLoad('assay', grpc(assay), calls, { protocol: 'grpc' }),
        await stage.underLoad('bare server', bare, calls, { protocol: 'grpc' }),
      ],
      effort,
    );
    const baseline = 'bare `@grpc/grpc-js` echo';
    return ours && theirs ? [rateRow('gRPC `Introspect`, repeated tokens', [ours, theirs], baseline, 0.65)] : [];
  },
};
