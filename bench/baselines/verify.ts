// What `node:crypto` verifies on one thread, with the key ready and nothing else to do.
import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [tokensFile = '', jwk = '{}'] = process.argv.slice(2);
const key = {
  key: createPublicKey({ key: JSON.parse(jwk) as JsonWebKey, format: 'jwk' }),
  dsaEncoding: 'ieee-p1363',
} as const;
const signed = readFileSync(tokensFile, 'latin1')
  .split('\n')
  .map((token) => {
    const end = token.lastIndexOf('.');
    return { input: Buffer.from(token.slice(0, end)), signature: Buffer.from(token.slice(end + 1), 'base64url') };
  });

process.on('message', (seconds: number) => {
  const startMs = performance.now();
  let answers = 0;
  while (performance.now() - startMs < seconds * 1000) {
    const one = signed[answers++ % signed.length];
    if (!one || !verify('sha256', one.input, key, one.signature)) throw new Error('a good signature was refused');
  }
  process.send?.({ answers, elapsedMs: performance.now() - startMs, p50Ms: NaN, p99Ms: NaN });
});
process.send?.('ready');
