// `helm test`: is the service there, has it the configuration that was deployed, and does it refuse who does not say who they are?
import http from 'node:http';
import https from 'node:https';

const { ASSAY_URL, MANAGEMENT_URL, CONFIGURATION_DIGEST, WAIT_SECONDS = '0' } = process.env;

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

async function digestInForce() {
  const { text } = await ask(`${MANAGEMENT_URL}/metrics`);
  return /^assay_config_info\{digest="([0-9a-f]+)"\} 1/m.exec(text)?.[1] ?? 'none';
}

/** Kubelet takes its time, and then each replica reads the file. */
async function digestEverywhere() {
  const endMs = Date.now() + Number(WAIT_SECONDS) * 1_000;
  for (let same = 0; ;) {
    const digest = await digestInForce();
    same = digest === CONFIGURATION_DIGEST ? same + 1 : 0;
    if (same === ANSWERS || (same === 0 && Date.now() >= endMs)) return digest;
    if (same === 0) await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

const questions = [
  ['ready', 200, () => statusOf(`${MANAGEMENT_URL}/readyz`)],
  ['metadata', 200, () => statusOf(`${ASSAY_URL}/.well-known/oauth-authorization-server`)],
  ['a caller without credentials', 401, () => statusOf(`${ASSAY_URL}/introspect`, 'POST')],
  ['configuration in force', CONFIGURATION_DIGEST, digestEverywhere],
];

for (const [name, expected, answer] of questions) {
  const found = await answer().catch((error) => error.message);
  const isAsExpected = found === expected;
  console.log(`${isAsExpected ? 'ok' : 'NOT OK'}: ${name}: ${found}${isAsExpected ? '' : `, expected ${expected}`}`);
  if (!isAsExpected) process.exitCode = 1;
}
