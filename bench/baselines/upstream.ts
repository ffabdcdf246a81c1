// An issuer that is asked about its opaque tokens (RFC 7662). Argument: port. Tokens that begin with `hang` are answered when somebody
// sends `POST /release`, all of them at once.
import { createServer, type ServerResponse } from 'node:http';

const hanging = new Set<ServerResponse>();

function answer(response: ServerResponse): void {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const said = {
    active: true,
    sub: '6f1c2b7e-5a43-4f0e-9a53-1f2d3c4b5a69',
    aud: ['https://api.corp.example'],
    exp: nowSeconds + 3600,
    iat: nowSeconds,
    client_id: 'shop-frontend',
    scope: 'openid profile orders:read orders:write',
    tenant: 'acme',
    email: 'alice@acme.example',
  };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
}

createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    if (request.url === '/release') {
      for (const each of hanging) answer(each);
      hanging.clear();
      response.end();
    } else if (request.url === '/hanging') response.end(String(hanging.size));
    else if (new URLSearchParams(body).get('token')?.startsWith('hang')) hanging.add(response);
    else answer(response);
  });
}).listen(Number(process.argv[2]), '127.0.0.1', () => {
  process.stdout.write('ready\n');
});
