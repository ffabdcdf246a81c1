// A client in a process of its own, as other people's are: watches the health of a service, asks for one verdict, and writes a line
// for everything that it hears. Arguments: port, authorization, token.
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoPath } from 'grpc-health-check';
import { fileURLToPath } from 'node:url';

const [port, authorization, token] = process.argv.slice(2);
const name = 'assay.v1.Introspection';
const introspection = loadSync(fileURLToPath(new URL('../../../proto/assay/v1/introspection.proto', import.meta.url)));
const health = loadSync(protoPath, { enums: String });
const say = (text) => console.log(text);

const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
const { path, requestSerialize, responseDeserialize } = health['grpc.health.v1.Health'].Watch;
const watch = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { service: name });
watch.on('data', ({ status }) => say(status));
watch.on('error', ({ code }) => say(`error ${code}`));
watch.on('end', () => {
  say('end');
  client.close();
});

const method = introspection[name].Introspect;
const metadata = new Metadata();
metadata.set('authorization', authorization);
const answer = (error, response) => say(error ? `error ${error.code}` : `active ${response.active}`);
client.makeUnaryRequest(
  method.path,
  method.requestSerialize,
  method.responseDeserialize,
  { token },
  metadata,
  { deadline: Date.now() + 10_000 },
  answer,
);
