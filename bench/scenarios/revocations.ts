import { introspect } from '../harness/ask.ts';
import { staticIssuer, type Assay, type Section } from '../harness/assay.ts';
import { fill } from '../harness/revoked.ts';
import { interleave, together, type Measurements } from '../harness/rounds.ts';
import { median } from '../harness/statistics.ts';
import { http, Stage } from '../harness/subjects.ts';
import { rateRow } from '../harness/words.ts';
import { startRedis } from '../harness/world.ts';
import { introspectRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, signTokens } from '../tokens.ts';

/** A million, but for the room that the writes of this scenario need. */
const ENTRIES = 999_900;
const TOKENS = 1_000;

/** Two equal processes differ by a tenth: so many of each kind are compared, and each for its share of the rounds. */
const PAIRS = 3;

const MOST_MORE_MB = 64;
const MOST_READY_MS = 15_000;
const MOST_VISIBLE_MS = 7_000;

/** Starts that are measured: each takes as long as reading the whole list. */
const MOST_STARTS = 3;

/** A million live revocations, beside none: what they cost an answer, the memory, a start, and a write during that start. */
export const revocations: Scenario = {
  name: 'revocations',
  async run(effort: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const signer = aSigner('RS256');
    const issuers = [{ ...staticIssuer('corp', signer), revocation: { quota: 1_000_000 } }];
    const tokens = signTokens(signer, TOKENS);
    const [listed, empty] = [{ redis: await startRedis(stage) }, { redis: await startRedis(stage) }];
    await fill(listed.redis, 'corp', ENTRIES);
    const start = async (shared: Section): Promise<Assay> => {
      const assay = await stage.assay(issuers, shared);
      await untilReady(assay);
      return assay;
    };
    const requests = tokens.map(introspectRequest);
    const measured: Measurements[][] = [];
    let [full, none] = [await start(listed), await start(empty)];
    for (let pair = 1; ; pair++) {
      measured.push(
        await interleave(
          [await stage.underLoad('listed', http(full), requests), await stage.underLoad('none', http(none), requests)],
          { ...effort, rounds: Math.ceil(effort.rounds / PAIRS) },
        ),
      );
      if (pair === PAIRS || effort.rounds === 1) break;
      await Promise.all([full.stop(), none.stop()]);
      [full, none] = [await start(listed), await start(empty)];
    }
    const [ours, theirs] = [together(measured, 0), together(measured, 1)];
    const moreMb = (await full.child.residentMb()) - (await none.child.residentMb());
    const starts = await measuredStarts(full, () => start(listed), tokens, Math.min(effort.rounds, MOST_STARTS));
    return [
      rateRow('`/introspect`, repeated tokens, a million revocations', [ours, theirs], 'none', 0.97),
      atMost('a million revocations: resident memory after the load', [moreMb], MOST_MORE_MB, 'MB more than with none'),
      atMost('a million revocations: start of a replica to ready', starts.readyMs, MOST_READY_MS, 'ms'),
      atMost(
        'a revocation during such a start, until another replica refuses it',
        starts.visibleMs,
        MOST_VISIBLE_MS,
        'ms',
      ),
      atMost('the same, at the replica that started, after it was ready', starts.lateMs, MOST_VISIBLE_MS, 'ms'),
    ];
  },
};

/** What was measured of each start, in milliseconds. */
interface Starts {
  readonly readyMs: readonly number[];
  readonly visibleMs: readonly number[];
  readonly lateMs: readonly number[];
}

/** Starts replicas one after the other, and revokes one token at each start. */
async function measuredStarts(
  revoking: Assay,
  start: () => Promise<Assay>,
  tokens: readonly string[],
  rounds: number,
): Promise<Starts> {
  const other = await start();
  const [readyMs, visibleMs, lateMs]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const token = tokens[round] ?? '';
    const startedMs = performance.now();
    const starting = start().then((assay) => {
      readyMs.push(performance.now() - startedMs);
      return assay;
    });
    await revoke(revoking, idOf(token));
    visibleMs.push(await untilRefused(other, token));
    const fresh = await starting;
    lateMs.push(await untilRefused(fresh, token));
    await fresh.stop();
  }
  return { readyMs, visibleMs, lateMs };
}

async function revoke(assay: Assay, value: string): Promise<void> {
  const body = JSON.stringify({ kind: 'token', value, reason: 'bench' });
  const { status, body: text } = await assay.management('/admin/v1/issuers/corp/revocations', 'POST', body);
  if (status >= 300) throw new Error(`the token was not revoked: ${status} ${text}`);
}

/** @returns how long that took, in milliseconds */
async function untilRefused(assay: Assay, token: string): Promise<number> {
  const sinceMs = performance.now();
  while (await isActive(assay, token)) await new Promise((resolve) => setTimeout(resolve, 20));
  return performance.now() - sinceMs;
}

function isActive(assay: Assay, token: string): Promise<boolean> {
  return introspect(assay, token).then(
    () => true,
    () => false,
  );
}

async function untilReady(assay: Assay): Promise<void> {
  while ((await assay.management('/readyz')).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
}

function idOf(token: string): string {
  const { jti } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    readonly jti: string;
  };
  return jti;
}

function atMost(measure: string, values: readonly number[], most: number, unit: string): Row {
  const value = median(values);
  const limit = most.toLocaleString('en-US');
  return {
    measure,
    assay: values.map((each) => each.toFixed(0)).join(', '),
    baseline: '–',
    result: `${value.toFixed(0)} ${unit}`,
    target: `≤ ${limit} ${unit}`,
    isMet: value <= most,
  };
}
