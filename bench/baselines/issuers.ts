// Many issuers in one process: each publishes a key set of its own at `/<number>/jwks`. A message adds a key to one of them.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

const [port, file = ''] = process.argv.slice(2);
const sets = JSON.parse(readFileSync(file, 'utf8')) as { keys: unknown[] }[];

createServer((request, response) => {
  const set = sets[Number(request.url?.split('/')[1])];
  // `POST` publishes one more key: a rotation.
  if (request.method === 'POST' && set) request.on('data', (jwk: Buffer) => set.keys.push(JSON.parse(jwk.toString())));
  response.writeHead(set ? 200 : 404, { 'content-type': 'application/json', 'cache-control': 'max-age=300' });
  response.end(JSON.stringify(set ?? {}));
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
