// Asks about tokens that it signs while it asks: no list of a million tokens fits into anything. Argument: a file with the job.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { JsonObject } from '../../src/shared/json-value.js';
import type { StreamJob } from '../harness/stream.ts';
import { introspectRequest } from '../requests.ts';
import { forged, signToken, type Signer } from '../tokens.ts';
import { HttpConnection } from './http-connection.ts';

const job = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as StreamJob;
const signers = job.signers.map(({ issuer, alg, kid, pem }): Signer => {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  return { issuer, key: { alg, kid, privateKey, publicKey, jwk: publicKey.export({ format: 'jwk' }) as JsonObject } };
});

let sent = 0;
const templates = new Map<Signer, string>();

/** Forging needs no key: one signature per issuer serves all of its tokens, and fits none but one. */
function nextToken(): string | undefined {
  if (sent === job.count) return undefined;
  const serial = job.from + sent;
  const signer = signers[sent++ % signers.length];
  if (!signer) return undefined;
  if (!job.isForged) return signToken(signer, serial);
  const template = templates.get(signer) ?? signToken(signer, serial);
  templates.set(signer, template);
  return forged(template, serial);
}

async function askUntilDone(connection: HttpConnection): Promise<void> {
  const answered = Promise.withResolvers<undefined>();
  const expected = job.isForged ? 'inactive' : 'active';
  const ask = (): void => {
    const token = nextToken();
    if (token === undefined) answered.resolve(undefined);
    else connection.send(introspectRequest(token));
  };
  connection.onVerdict = (verdict) => {
    if (verdict === expected) ask();
    else answered.reject(new Error(`an answer was ${verdict}`));
  };
  ask();
  await answered.promise;
  connection.close();
}

const startMs = performance.now();
const connections = Array.from({ length: job.connections }, () => new HttpConnection(job.port).opened());
await Promise.all((await Promise.all(connections)).map(askUntilDone));
process.send?.({ elapsedMs: performance.now() - startMs }, () => {
  process.disconnect();
});
