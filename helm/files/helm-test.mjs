// `helm test`: is the service there, has it the configuration that was deployed, and does it refuse who does not say who they are?
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

const { ASSAY_URL, MANAGEMENT_URL, CONFIGURATION_DIGEST, INCLUDED = '', WAIT_SECONDS = '0' } = process.env;

/** How many answers in succession must show the configuration: each is of a replica that the Service chooses. */
const ANSWERS = 20;

/** The certificate is for callers to judge; here it only has to be one. */
function ask(url, method = 'GET') {
  const { request } = url.startsWith('https:') ? https : http;
  const options = { method, rejectUnauthorized: false, timeout: 5_000, agent: false };
  return new Promise((resolve, reject) => {
    const asked = request(url, options, async (answer) => {
      try {
        resolve({ status: answer.statusCode, text: Buffer.concat(await answer.toArray()).toString() });
      } catch (error) {
        reject(error);
      }
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', reject);
    asked.end();
  });
}

async function statusOf(...question) {
  return (await ask(...question)).status;
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

/** That of the main file, or of the digests of all files, the main one first and the others by name. What it is is not known of files elsewhere. */
function expectedDigest() {
  if (INCLUDED === '') return CONFIGURATION_DIGEST;
  if (INCLUDED === 'elsewhere') return undefined;
  const files = readdirSync(INCLUDED).flatMap((include) =>
    readdirSync(`${INCLUDED}${include}`)
      .filter((name) => name.endsWith('.yaml') && !name.startsWith('.'))
      .map((name) => ({ name, path: `${INCLUDED}${include}/${name}` })),
  );
  const before = (a, b) => (a < b ? -1 : Number(a > b));
  files.sort((a, b) => before(a.name, b.name) || before(a.path, b.path));
  const digests = [CONFIGURATION_DIGEST, ...files.map(({ path }) => sha256(readFileSync(path)))];
  return sha256(digests.map((digest) => `${digest}\n`).join(''));
}

async function metrics() {
  return (await ask(`${MANAGEMENT_URL}/metrics`)).text;
}

async function digestInForce() {
  return /^assay_config_info\{digest="([0-9a-f]+)"\} 1/m.exec(await metrics())?.[1] ?? 'none';
}

/**
 * Kubelet takes its time, and then each replica reads the files.
 * @throws {Error} where a replica has another configuration in the end
 */
async function digestEverywhere() {
  const endMs = Date.now() + Number(WAIT_SECONDS) * 1_000;
  for (let same = 0, last; ;) {
    const digest = await digestInForce();
    const expected = expectedDigest();
    same = digest === (expected ?? last ?? digest) ? same + 1 : 0;
    if (same === ANSWERS) return digest;
    if (same === 0 && Date.now() >= endMs) throw new Error(`${digest}, expected ${expected ?? last}`);
    if (same === 0) await new Promise((resolve) => setTimeout(resolve, 1_000));
    last = digest;
  }
}

/** Files of which an earlier version is in force, or none. */
async function wrongFiles() {
  const found = (await metrics()).matchAll(/^assay_config_included_files\{state="(?:last_good|refused)"\} (\d+)/gm);
  return [...found].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Each with what is expected; where nothing is, the question says itself what is wrong. */
const questions = [
  ['ready', () => statusOf(`${MANAGEMENT_URL}/readyz`), 200],
  ['metadata', () => statusOf(`${ASSAY_URL}/.well-known/oauth-authorization-server`), 200],
  ['a caller without credentials', () => statusOf(`${ASSAY_URL}/introspect`, 'POST'), 401],
  ['configuration in force', digestEverywhere],
  ...(INCLUDED === '' ? [] : [['included files that are wrong', wrongFiles, 0]]),
];

for (const [name, answer, expected] of questions) {
  const { found, isRight } = await answer().then(
    (found) => ({ found, isRight: expected === undefined || found === expected }),
    (error) => ({ found: error.message, isRight: false }),
  );
  const otherwise = isRight || expected === undefined ? '' : `, expected ${expected}`;
  console.log(`${isRight ? 'ok' : 'NOT OK'}: ${name}: ${found}${otherwise}`);
  if (!isRight) process.exitCode = 1;
}
