import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aKey } from '../../test/builders/a-key.ts';
import { rights, staticIssuer, type Assay } from '../harness/assay.ts';
import { interleave } from '../harness/rounds.ts';
import { http, Stage } from '../harness/subjects.ts';
import { besideRow } from '../harness/words.ts';
import { basicOf, caller, presentedRequest, proxiedRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, signTokens } from '../tokens.ts';

const TOKENS = 1_000;
const algorithms = ['ES256', 'EdDSA', 'RS256'] as const;
const accept = 'application/token-introspection+jwt';

/** What it costs to sign an answer (RFC 9701), and `x-auth-jwt` for what is behind a proxy, beside the plain answer about the same tokens. */
export const signedAnswers: Scenario = {
  name: 'signed-answers',
  async run(effort: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const signer = aSigner('RS256');
    const tokens = signTokens(signer, TOKENS);
    const assay = await stage.assay([staticIssuer('corp', signer)], await sections(stage));
    return [...(await introspection(stage, assay, tokens, effort)), ...(await gateway(stage, assay, tokens, effort))];
  },
};

async function introspection(stage: Stage, assay: Assay, tokens: readonly string[], effort: Effort) {
  const asked = (authorization: string, as?: string) =>
    tokens.map((token) => presentedRequest(token, { authorization, ...(as !== undefined && { accept: as }) }));
  const [plain, ...signed] = await interleave(
    [
      await stage.underLoad('plain', http(assay), asked(basicOf(caller.secret))),
      ...(await Promise.all(
        algorithms.map((alg) =>
          stage.underLoad(alg, http(assay), asked(basicOf(caller.secret, `signed-${alg}`), accept), {
            expect: 'answered',
          }),
        ),
      )),
    ],
    effort,
  );
  return algorithms.flatMap((alg, i) => {
    const ours = signed[i];
    return plain && ours
      ? [besideRow(`\`/introspect\`, repeated tokens, signed answers (${alg})`, [ours, plain], 'plain answers')]
      : [];
  });
}

async function gateway(stage: Stage, assay: Assay, tokens: readonly string[], effort: Effort) {
  const under = (profile: string) =>
    stage.underLoad(
      profile,
      http(assay),
      tokens.map((token) => proxiedRequest(token, { profile })),
    );
  const [ours, plain] = await interleave([await under('edge-signed'), await under('edge')], effort);
  return ours && plain
    ? [besideRow('`/authorize`, repeated tokens, with `x-auth-jwt` (ES256)', [ours, plain], 'without')]
    : [];
}

/** Keys of our own, and callers that get signed answers with each of them. */
async function sections(stage: Stage) {
  const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
  stage.atTheEnd(() => rm(folder, { recursive: true, force: true }));
  const keys = await Promise.all(
    algorithms.map(async (alg) => {
      const keyFile = join(folder, `${alg}.pem`);
      await writeFile(keyFile, aKey(alg).privateKey.export({ type: 'pkcs8', format: 'pem' }));
      return { id: alg, keyFile, alg, use: 'signing' };
    }),
  );
  const callers = [
    { id: caller.id, secrets: [caller.secret], ...rights },
    ...algorithms.map((alg) => ({ id: `signed-${alg}`, secrets: [caller.secret], signed: { alg }, ...rights })),
    { id: 'edge', proxy: true, ...rights },
    { id: 'edge-signed', proxy: true, upstream: 'https://orders.internal', signed: { alg: 'ES256' }, ...rights },
  ];
  return { server: { signing: { keys } }, callers };
}
