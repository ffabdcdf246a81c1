// A bare `@grpc/grpc-js` server that answers the same message to the same message.
import { loadPackageDefinition, Server, ServerCredentials, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { join } from 'node:path';

const [port, answer = '{}'] = process.argv.slice(2);
const response = JSON.parse(answer) as object;

const proto = join(import.meta.dirname, '..', '..', 'proto');
const definition = loadSync('assay/v1/introspection.proto', { includeDirs: [proto], longs: String, defaults: true });
const { assay } = loadPackageDefinition(definition) as unknown as {
  assay: { v1: { Introspection: ServiceClientConstructor } };
};

const server = new Server();
server.addService(assay.v1.Introspection.service, {
  introspect: (_call: unknown, callback: (error: null, response: object) => void) => {
    callback(null, response);
  },
});
server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) => {
  if (error) throw error;
  process.stdout.write('ready\n');
});
