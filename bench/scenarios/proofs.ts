import { createHash } from 'node:crypto';
// The library that makes certificates needs it.
import 'reflect-metadata';
import { aCertificate } from '../../test/builders/a-certificate.ts';
import { aKey, thumbprintOf } from '../../test/builders/a-key.ts';
import { signAs } from '../../test/builders/sign.ts';
import { rights, staticIssuer } from '../harness/assay.ts';
import { interleave, type Measurements } from '../harness/rounds.ts';
import { median } from '../harness/statistics.ts';
import { http, Stage } from '../harness/subjects.ts';
import { whole } from '../harness/words.ts';
import { startRedis } from '../harness/world.ts';
import { proxiedRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, signToken } from '../tokens.ts';

const TOKENS = 100;
const ORIGIN = 'https://api.corp.example';

/**
 * So many requests a second, whatever is proven: each proof is good once, so there must be one for each request of the whole run; and what one costs
 * the processor can be compared only under the same load.
 */
const PER_SECOND = 1_000;
const OPEN_CONNECTIONS = 32;

/** Turns in which the compiler sees every path (`interleave`). */
const WARM_UP_TURNS = 6;

/** Proofs are good for so long; making them and the whole run must fit. */
const MAX_AGE = '300s';

const replays = ['off', 'local', 'shared'] as const;
const proxy = { proxy: true, ...rights };

/** What it costs that clients prove that a token is theirs, by DPoP (RFC 9449) or by a certificate (RFC 8705), beside bearer tokens of the same process. */
export const proofs: Scenario = {
  name: 'proofs',
  async run(effort: Effort): Promise<readonly Row[]> {
    await using stage = new Stage();
    const signer = aSigner('RS256');
    const assay = await stage.assay([staticIssuer('corp', signer)], {
      redis: await startRedis(stage),
      callers: [
        { id: 'bearer', ...proxy },
        ...replays.map((replay) => ({
          id: `dpop-${replay}`,
          ...proxy,
          proofs: { origin: ORIGIN, dpop: { replay, maxAge: MAX_AGE } },
        })),
        { id: 'certificate', ...proxy, proofs: { certificateFrom: 'escaped-pem' } },
      ],
    });
    const turns = effort.rounds + (effort.rounds > 1 ? WARM_UP_TURNS : 0);
    const enough = Math.ceil(turns * effort.seconds * PER_SECOND * 1.5);
    const tokens = (claims: object) => Array.from({ length: TOKENS }, (_, i) => signToken(signer, i, { ...claims }));
    const under = (name: string, requests: readonly Buffer[]) =>
      stage.underLoad(name, http(assay), requests, { perSecond: PER_SECOND, connections: OPEN_CONNECTIONS });
    const bearer = tokens({}).map((token) => proxiedRequest(token, { profile: 'bearer' }));
    const [plain, ...proven] = await interleave(
      [
        await under('bearer', bearer),
        ...(await Promise.all(
          replays.map((replay) => under(`DPoP, replay ${replay}`, provenRequests(`dpop-${replay}`, tokens, enough))),
        )),
        await under('certificate', await certifiedRequests(tokens)),
      ],
      effort,
    );
    const names = [...replays.map((replay) => `a DPoP proof (ES256), \`replay: ${replay}\``), 'a client certificate'];
    return names.flatMap((name, i) => (plain && proven[i] ? [costRow(name, proven[i], plain)] : []));
  },
};

type Tokens = (claims: object) => readonly string[];

/** Requests of one client, each with a proof that was never used. */
function provenRequests(profile: string, tokens: Tokens, count: number): readonly Buffer[] {
  const key = aKey('ES256');
  const bound = tokens({ cnf: { jkt: thumbprintOf(key.jwk) } }).map((token) => ({
    token,
    ath: createHash('sha256').update(token).digest('base64url'),
  }));
  const { kty, crv, x, y } = key.jwk;
  const header = encode({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } });
  const iat = Math.floor(Date.now() / 1000);
  return Array.from({ length: count }, (_, serial) => {
    const { token, ath } = bound[serial % bound.length] ?? { token: '', ath: '' };
    const claims = { jti: `${profile}-${serial}`, htm: 'GET', htu: `${ORIGIN}/orders`, iat, ath };
    const input = `${header}.${encode(claims)}`;
    const proof = `${input}.${signAs('ES256', key.privateKey, input).toString('base64url')}`;
    return proxiedRequest(token, { profile, scheme: 'DPoP', headers: [...asked, `DPoP: ${proof}`] });
  });
}

/** What the proxy says that the client has asked for. */
const asked = ['X-Original-Method: GET', 'X-Original-URI: /orders?page=2'];

async function certifiedRequests(tokens: Tokens): Promise<readonly Buffer[]> {
  const { certificate, pem } = await aCertificate({ subject: [{ CN: ['shop'] }] });
  const x5t = createHash('sha256').update(certificate.raw).digest('base64url');
  const headers = [...asked, `SSL-Client-Cert: ${encodeURIComponent(pem)}`];
  return tokens({ cnf: { 'x5t#S256': x5t } }).map((token) =>
    proxiedRequest(token, { profile: 'certificate', headers }),
  );
}

function costRow(name: string, ours: Measurements, bearer: Measurements): Row {
  const words = ({ cpuUs, p99Ms }: Measurements) =>
    `${whole(median(cpuUs))} µs CPU, p99 ${median(p99Ms).toFixed(1)} ms`;
  const more = median(ours.cpuUs.map((us, i) => us - (bearer.cpuUs[i] ?? NaN)));
  return {
    measure: `\`/authorize\` with ${name}, ${whole(PER_SECOND)}/s`,
    assay: words(ours),
    baseline: `bearer tokens at the same rate: ${words(bearer)}`,
    result: `${more < 0 ? '−' : '+'} ${whole(Math.abs(more))} µs`,
    target: '–',
  };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
