// `helm test`: is the service there, does it know its configuration, and does it refuse who does not say who they are?
import http from 'node:http';
import https from 'node:https';

const { ASSAY_URL, MANAGEMENT_URL } = process.env;

/** The certificate is for callers to judge; here it only has to be one. */
function statusOf(url, method = 'GET') {
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, rejectUnauthorized: false, timeout: 5_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', reject);
    asked.end();
  });
}

const questions = [
  ['ready', 200, `${MANAGEMENT_URL}/readyz`],
  ['metadata', 200, `${ASSAY_URL}/.well-known/oauth-authorization-server`],
  ['a caller without credentials', 401, `${ASSAY_URL}/introspect`, 'POST'],
];

for (const [name, expected, ...question] of questions) {
  const found = await statusOf(...question).catch((error) => error.message);
  console.log(`${found === expected ? 'ok' : 'NOT OK'}: ${name}: ${found}`);
  if (found !== expected) process.exitCode = 1;
}
