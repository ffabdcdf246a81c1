import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../harness/statistics.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';

const KEYS = 640;

/** A request that arrives while a hostile key set is read may wait so long: no longer than for a large collection of garbage. */
const LONGEST_PAUSE_MS = 20;

/** Octets of the modulus of an RSA key of 2048 bits. */
const MODULUS_OCTETS = 256;

/** Long enough for what the process does at its start, or after the round before, to be over. In milliseconds. */
const CALM_MS = 50;

type Pause = () => Promise<void>;
type Jwk = Readonly<Record<string, unknown>>;

/** What reads key sets in the built program. */
interface Reader {
  readonly read: (body: Uint8Array, pause: Pause) => Promise<{ readonly keys: readonly unknown[] }>;
  readonly pauses: () => Pause;
  readonly noPause: Pause;
}

const { x } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });

/** Sets that cost their reader as much as a set can. */
const sets: Readonly<Record<string, (index: number) => Jwk>> = {
  'RSA keys that seem sound': () => ({ kty: 'RSA', n: modulus(), e: 'AQAB' }),
  'RSA keys with junk for a certificate': () => ({ kty: 'RSA', n: modulus(), e: 'AQAB', x5c: ['AA'] }),
  'EC keys whose points are not on the curve': (index) => ({ kty: 'EC', crv: 'P-256', x, y: x, kid: `k${index}` }),
};

/** How long a key set that was made to be expensive keeps the event loop at most, beside the same set read without pauses. */
export const hostileKeys: Scenario = {
  name: 'hostile-keys',
  async run({ rounds }: Effort): Promise<readonly Row[]> {
    const reader = await builtReader();
    const rows: Row[] = [];
    for (const [name, make] of Object.entries(sets)) {
      const [ours, without]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round++) {
        const body = Buffer.from(JSON.stringify({ keys: Array.from({ length: KEYS }, (_, index) => make(index)) }));
        ours.push(await longestPauseMs(() => reader.read(body, reader.pauses())));
        without.push(await longestPauseMs(() => reader.read(body, reader.noPause)));
      }
      rows.push(rowOf(name, ours, without));
    }
    return rows;
  },
};

function rowOf(name: string, ours: readonly number[], without: readonly number[]): Row {
  const [longest, baseline] = [median(ours), median(without)];
  return {
    measure: `longest pause of the event loop, ${KEYS} ${name}`,
    assay: `${longest.toFixed(1)} ms (${ours.map((ms) => ms.toFixed(0)).join(', ')})`,
    baseline: `read without pauses: ${baseline.toFixed(1)} ms`,
    result: `${longest.toFixed(1)} ms`,
    target: `≤ ${LONGEST_PAUSE_MS} ms`,
    isMet: longest <= LONGEST_PAUSE_MS,
  };
}

/** The longest time between two turns of the event loop while `work` goes on, in milliseconds. */
async function longestPauseMs(work: () => Promise<unknown>): Promise<number> {
  await sleep(CALM_MS);
  let [lastMs, longestMs, isOver] = [performance.now(), 0, false];
  const turn = (): void => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  turn();
  isOver = true;
  return longestMs;
}

async function builtReader(): Promise<Reader> {
  const { parseKeySet, everyAlgorithm } = (await built(
    'keys/source/parse-key-set.js',
  )) as typeof import('../../src/keys/source/parse-key-set.js');
  const { noPause, pausesBy } = (await built('shared/pause.js')) as typeof import('../../src/shared/pause.js');
  const { SystemClock } = (await built('shared/clock.js')) as typeof import('../../src/shared/clock.js');
  const clock = new SystemClock();
  return { noPause, pauses: () => pausesBy(clock), read: (body, pause) => parseKeySet(body, everyAlgorithm, pause) };
}

function built(file: string): Promise<unknown> {
  return import(new URL(`../../dist/${file}`, import.meta.url).href);
}

/** Odd and of full length, as a modulus is; nobody can factor it, and nobody needs to. */
function modulus(): string {
  const octets = randomBytes(MODULUS_OCTETS);
  octets.writeUInt8(octets.readUInt8(0) | 0x80, 0);
  octets.writeUInt8(octets.readUInt8(MODULUS_OCTETS - 1) | 1, MODULUS_OCTETS - 1);
  return octets.toString('base64url');
}
