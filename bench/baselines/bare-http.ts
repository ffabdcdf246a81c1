// A server of `node:http` that reads the body and answers the same bytes, and nothing else. Arguments: port, answer, header fields.
import { createServer } from 'node:http';

const [port, answer = '', headers = '{}'] = process.argv.slice(2);
const given = Object.entries(JSON.parse(headers) as Record<string, string>).flat();
const fields = [...given, 'content-type', 'application/json', 'content-length', String(Buffer.byteLength(answer))];

createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, fields).end(answer);
  });
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
