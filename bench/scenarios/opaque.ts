import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { commonIssuer, rights, staticIssuer, type Assay, type Section } from '../harness/assay.ts';
import { freePort } from '../../test/fakes/free-port.ts';
import { introspect } from '../harness/ask.ts';
import { interleave, type Subject } from '../harness/rounds.ts';
import { median, medianRatio } from '../harness/statistics.ts';
import { http, Stage } from '../harness/subjects.ts';
import { rateRow, ratioWords, whole } from '../harness/words.ts';
import { basicOf, caller, introspectRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, signTokens } from '../tokens.ts';

/** As many as one caller may have asked about at once. */
const TOKENS = 100;

/** Questions that get no answer while JWTs are asked about: `limits.inFlight` of the configuration. */
const HANGING = 64;

/** More connections than requests under way, so that none waits for one. */
const OPEN_CONNECTIONS = 64;

/** The slowest hundredth of a second varies far more than its rate: so many times the rounds of other scenarios. */
const MORE_ROUNDS = 3;

/** A token that is remembered costs what a JWT does, up to how an answer is found; and JWTs do not notice an issuer that hangs. */
const AT_LEAST = 0.85;
const MOST = 1.2;

/** Who asks about the tokens that hang: their budget is not that of the others. */
const other = { id: 'other-api', secret: caller.secret };

/** What opaque tokens cost beside JWTs of the same process, how many of them need no question, and what their issuer does to JWTs. */
export const opaque: Scenario = {
  name: 'opaque',
  async run(effort: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const signer = aSigner('RS256');
    const port = await freePort();
    await stage.child([join(import.meta.dirname, '..', 'baselines', 'upstream.ts'), String(port)]);
    const upstream = `http://127.0.0.1:${port}`;
    const assay = await stage.assay([staticIssuer('corp', signer), opaqueIssuer(upstream)], { callers });
    const jwts = signTokens(signer, TOKENS).map(introspectRequest);
    return [
      ...(await remembered(stage, assay, jwts, effort)),
      ...(await whileItHangs(stage, { assay, upstream, jwts }, effort)),
    ];
  },
};

const callers = [caller, other].map(({ id, secret }) => ({ id, secrets: [secret], ...rights }));

function opaqueIssuer(upstream: string): Section {
  return {
    ...commonIssuer,
    id: 'opaque',
    issuer: 'https://opaque.corp.example',
    algorithms: ['RS256'],
    keys: { jwks: { keys: [aSigner('RS256').key.jwk] } },
    opaque: {
      endpoint: `${upstream}/introspect`,
      credentials: { clientId: 'assay', secret: caller.secret },
      match: { length: [16, 64] },
      limits: { inFlight: HANGING, timeout: '10s' },
    },
  };
}

async function remembered(
  stage: Stage,
  assay: Assay,
  jwts: readonly Buffer[],
  effort: Effort,
): Promise<readonly Row[]> {
  const tokens = Array.from({ length: TOKENS }, () => randomBytes(24).toString('base64url'));
  // Asked about once before, so that no measurement begins with a hundred questions.
  for (const token of tokens) await introspect(assay, token);
  const before = await questions(assay);
  const [ours, theirs] = await interleave(
    [
      await stage.underLoad('opaque', http(assay), tokens.map(introspectRequest)),
      await stage.underLoad('JWTs', http(assay), jwts),
    ],
    effort,
  );
  const after = await questions(assay);
  if (!ours || !theirs) return [];
  const [asked, spared] = [after.asked - before.asked, after.spared - before.spared];
  return [
    rateRow(`\`/introspect\`, ${TOKENS} opaque tokens that are remembered`, [ours, theirs], 'as many JWTs', AT_LEAST),
    {
      measure: `of these, tokens that needed no question (\`cache.positive\` 10 s)`,
      assay: `${whole(asked)} questions for ${whole(asked + spared)} tokens`,
      baseline: '–',
      result: `${((spared / (asked + spared)) * 100).toFixed(2)} %`,
      target: '–',
    },
  ];
}

/** What the program itself has counted. */
async function questions(assay: Assay): Promise<{ readonly asked: number; readonly spared: number }> {
  const { body } = await assay.management('/metrics');
  const sum = (name: string) =>
    [...body.matchAll(new RegExp(`^${name}\\{[^}]*\\} (\\d+)`, 'gm'))].reduce((total, [, n]) => total + Number(n), 0);
  return {
    asked: sum('assay_upstream_introspections_total'),
    spared: sum('assay_upstream_introspections_spared_total'),
  };
}

interface Scene {
  readonly assay: Assay;
  readonly upstream: string;
  readonly jwts: readonly Buffer[];
}

async function whileItHangs(stage: Stage, { assay, upstream, jwts }: Scene, effort: Effort): Promise<readonly Row[]> {
  const [most] = await interleave([await stage.underLoad('JWTs', http(assay), jwts)], {
    rounds: 3,
    seconds: effort.seconds,
  });
  const perSecond = median(most?.perSecond ?? []) / 2;
  const usual = await stage.underLoad('JWTs', http(assay), jwts, { perSecond, connections: OPEN_CONNECTIONS });
  const hanging: Subject = {
    ...usual,
    name: 'JWTs, beside a hanging issuer',
    measure: async (seconds) => {
      const release = await hang(assay, upstream);
      return usual.measure(seconds).finally(release);
    },
  };
  const [beside, alone] = await interleave([hanging, usual], {
    ...effort,
    rounds: effort.rounds * MORE_ROUNDS,
    turns: 1,
  });
  if (!beside || !alone) return [];
  const ratio = medianRatio(beside.p99Ms, alone.p99Ms);
  return [
    {
      measure: `p99 of JWTs while the issuer of opaque tokens hangs (${HANGING} questions under way; ${whole(perSecond)}/s)`,
      assay: `${median(beside.p99Ms).toFixed(1)} ms`,
      baseline: `the same without: ${median(alone.p99Ms).toFixed(1)} ms`,
      result: ratioWords(beside.p99Ms, alone.p99Ms),
      target: `≤ ${MOST.toFixed(2)}`,
      isMet: ratio <= MOST,
    },
  ];
}

/** Has the issuer asked about so many tokens that it does not answer. @returns ends it: all of them are answered */
async function hang(assay: Assay, upstream: string): Promise<() => Promise<void>> {
  const waiting = Array.from({ length: HANGING }, () =>
    fetch(`http://127.0.0.1:${assay.ports.http}/introspect`, {
      method: 'POST',
      headers: { authorization: basicOf(other.secret, other.id) },
      body: new URLSearchParams({ token: `hang${randomBytes(24).toString('base64url')}` }),
    }),
  );
  while (Number(await (await fetch(`${upstream}/hanging`)).text()) < HANGING)
    await new Promise((resolve) => setTimeout(resolve, 5));
  return async () => {
    await fetch(`${upstream}/release`, { method: 'POST' });
    const statuses = (await Promise.all(waiting)).map(({ status }) => status);
    if (statuses.some((status) => status !== 200)) throw new Error(`not all were answered: ${statuses.join(', ')}`);
  };
}
