import { join } from 'node:path';
import { freePort } from '../../test/fakes/free-port.ts';
import { staticIssuer } from '../harness/assay.ts';
import { interleave } from '../harness/rounds.ts';
import { http, Stage } from '../harness/subjects.ts';
import { rateRow } from '../harness/words.ts';
import { introspectRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, signTokens } from '../tokens.ts';

/** As many tokens as the callers of a busy API present at a time. */
const TOKENS = 1_000;

/** Share of requests that are traced, and what must be left of the throughput without tracing. */
const shares = [
  // A second one with tracing off: how far two equal processes are apart says how far the others are to be believed.
  { sampleRatio: undefined, atLeast: 0.95 },
  { sampleRatio: 0, atLeast: 0.95 },
  { sampleRatio: 0.01, atLeast: 0.95 },
  // Nobody traces everything in production; it must merely work.
  { sampleRatio: 1, atLeast: 0.3 },
] as const;

/** What it costs to trace nothing, one in a hundred, and everything, beside tracing that is off. */
export const tracing: Scenario = {
  name: 'tracing',
  async run(effort: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const port = await freePort();
    await stage.child([join(import.meta.dirname, '..', 'baselines', 'collector.ts'), String(port)]);
    const signer = aSigner('RS256');
    const requests = signTokens(signer, TOKENS).map(introspectRequest);
    const issuers = [staticIssuer('corp', signer)];
    const subjects = [await stage.underLoad('off', http(await stage.assay(issuers)), requests)];
    for (const { sampleRatio } of shares) {
      const traced = { tracing: { endpoint: `http://127.0.0.1:${port}`, sampleRatio } };
      const assay = await stage.assay(issuers, { telemetry: sampleRatio === undefined ? {} : traced });
      subjects.push(await stage.underLoad(nameOf(sampleRatio), http(assay), requests));
    }
    const [off, ...traced] = await interleave(subjects, effort);
    return shares.flatMap(({ sampleRatio, atLeast }, i) => {
      const measured = traced[i];
      if (!off || !measured) return [];
      const measure = `\`/introspect\`, repeated tokens, tracing ${nameOf(sampleRatio)}`;
      return [rateRow(measure, [measured, off], 'tracing off', atLeast)];
    });
  },
};

function nameOf(sampleRatio: number | undefined): string {
  return sampleRatio === undefined ? 'off, too' : `${sampleRatio * 100} %`;
}
