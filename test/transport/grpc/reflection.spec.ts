import { Metadata, status } from '@grpc/grpc-js';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/shared/package-root.js';
import { GrpcListener } from '../../../src/transport/grpc/grpc-listener.js';
import { SystemClock } from '../../../src/shared/clock.js';
import { basic } from '../http/support/requests.js';
import { GrpcEndpoint } from './support/grpc-endpoint.js';
import { ReflectionClient, type FileDescriptor, type Message } from './support/reflected.js';

const NAME = 'assay.v1.Introspection';

const services = [
  NAME,
  'envoy.service.auth.v3.Authorization',
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
];

let endpoint: GrpcEndpoint;
let token: string;

beforeAll(async () => {
  endpoint = await GrpcEndpoint.open({ reflection: true });
  token = endpoint.reception.context.good.build();
});

afterAll(async () => {
  await endpoint.close();
});

describe.each(['v1', 'v1alpha'])('RGRPC-04 grpc.reflection.%s', (version) => {
  let client: ReflectionClient;

  beforeAll(() => {
    client = new ReflectionClient(endpoint.port, version);
  });

  afterAll(() => {
    client.close();
  });

  it('lists what is served, and nothing else', async () => {
    expect(await client.list()).toEqual(services);
  });

  it.each(services)('%s: every type of every file resolves by its full name', async (service) => {
    const files = await client.files({ fileContainingSymbol: service });
    expect(files[0]?.service.map(({ name }) => `${files[0]?.package}.${name}`)).toContain(service);
    const defined = new Set(files.flatMap(typesOf));
    for (const name of files.flatMap(namesUsedIn)) expect(defined).toContain(name);
    for (const field of files.flatMap(({ messageType }) => messageType.flatMap(fieldsOf))) {
      expect(field.name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(field.jsonName).toBe(
        field.name.replaceAll(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase()),
      );
    }
    for (const { syntax } of files) expect(syntax).toBe('proto3');
  });

  it.each(services)('%s: every file is found by its name, and by that of each import', async (service) => {
    for (const { name, dependency } of await client.files({ fileContainingSymbol: service })) {
      const [file, ...others] = await client.files({ fileByFilename: name });
      expect(file?.name).toBe(name);
      expect(others.map((other) => other.name)).toEqual(expect.arrayContaining([...dependency]));
    }
  });

  it.each([
    [`${NAME}.Introspect`, 'assay/v1/introspection.proto'],
    ['assay.v1.IntrospectResponse', 'assay/v1/introspection.proto'],
    ['assay.v1.IntrospectResponse.claims_json', 'assay/v1/introspection.proto'],
    ['grpc.health.v1.HealthCheckResponse.ServingStatus', 'grpc/health/v1/health.proto'],
    ['grpc.health.v1.HealthCheckResponse.NOT_SERVING', 'grpc/health/v1/health.proto'],
    ['grpc.reflection.v1.ServerReflectionRequest.message_request', 'grpc/reflection/v1/reflection.proto'],
    ['google.protobuf.Any', 'google/protobuf/any.proto'],
  ])('knows the file of %s', async (fileContainingSymbol, name) => {
    const [file] = await client.files({ fileContainingSymbol });
    expect(file?.name).toBe(name);
  });

  it.each([
    { fileByFilename: 'nothing.proto' },
    { fileByFilename: '' },
    { fileContainingSymbol: 'nothing' },
    { fileContainingSymbol: '__proto__' },
    { fileContainingSymbol: `.${NAME}` },
    { fileContainingSymbol: 'introspect' },
    { fileContainingExtension: { containingType: 'assay.v1.IntrospectRequest', extensionNumber: 1 } },
    { allExtensionNumbersOfType: 'assay.v1.IntrospectRequest' },
  ])('NOT_FOUND: %o', async (question) => {
    const [answer] = await client.ask(question);
    expect(answer).toMatchObject({ originalRequest: question, errorResponse: { errorCode: status.NOT_FOUND } });
  });

  it('answers one question after the other on one stream, and the empty one too', async () => {
    const questions = [{ listServices: '' }, { host: 'here' }, { fileByFilename: 'x' }, { fileContainingSymbol: NAME }];
    const answers = await client.ask(...questions);
    expect(answers.map(({ originalRequest }) => originalRequest)).toMatchObject(questions);
    expect(answers[1]).toMatchObject({ validHost: 'here', errorResponse: { errorCode: status.INVALID_ARGUMENT } });
    expect(answers[3]?.fileDescriptorResponse).toBeDefined();
  });

  it('is enough to build a client that introspects', async () => {
    const metadata = new Metadata();
    metadata.set('authorization', basic());
    const answer = await client.call(NAME, 'Introspect', { token }, metadata);
    expect(answer).toMatchObject({ active: true, iss: expect.any(String) as string });
  });

  it('is enough for a client of others: buf curl, which resolves all of it', async () => {
    const url = `http://127.0.0.1:${endpoint.port}`;
    const common = ['curl', '--protocol', 'grpc', '--reflect-protocol', `grpc-${version}`, '--http2-prior-knowledge'];
    const buf = async (...args: readonly string[]): Promise<string> => {
      const script = join(packageRoot, 'node_modules', '.bin', 'buf');
      return (await promisify(execFile)(process.execPath, [script, ...common, ...args])).stdout;
    };
    expect((await buf('--list-services', url)).trim().split('\n').sort()).toEqual(services);
    const data = JSON.stringify({ token, token_type_hint: 'access_token' });
    const answer = await buf('-H', `authorization: ${basic()}`, '-d', data, `${url}/${NAME}/Introspect`);
    expect(JSON.parse(answer)).toMatchObject({ active: true, claimsJson: expect.any(String) as string });
    expect(JSON.parse(await buf(`${url}/grpc.health.v1.Health/Check`))).toEqual({ status: 'SERVING' });
  });
});

it('RGRPC-04 lists no service that this listener does not serve', async () => {
  const clock = new SystemClock();
  const listener = await GrpcListener.prepare([endpoint.health.service], { reflection: true, clock });
  const client = new ReflectionClient(await listener.listen({ host: '127.0.0.1', port: 0 }), 'v1');
  expect(await client.list()).toEqual(services.slice(2));
  client.close();
  listener.cut();
  await listener.close(clock);
});

it('RGRPC-04 a service without a description does not start', async () => {
  const service = { ...endpoint.health.service, name: 'assay.v1.Unknown' };
  const prepared = GrpcListener.prepare([service], { reflection: true, clock: new SystemClock() });
  await expect(prepared).rejects.toThrow('does not describe assay.v1.Unknown');
});

describe('docs/recipes/grpcurl.md', () => {
  const recipe = readFileSync(join(packageRoot, 'docs/recipes/grpcurl.md'), 'utf8');
  const methods = [...recipe.matchAll(/\b([a-z][\w.]*\.[A-Z]\w*)\/([A-Z]\w*)/g)];
  const client = (): ReflectionClient => new ReflectionClient(endpoint.port, 'v1');

  it('calls methods that there are, with fields that they have', async () => {
    expect(methods.length).toBeGreaterThan(3);
    for (const [, service, method] of methods) {
      const [file] = await client().files({ fileContainingSymbol: `${service}.${method}` });
      expect(file?.service.flatMap((one) => one.method.map(({ name }) => name))).toContain(method);
    }
  });

  it('names files that there are, by the names that reflection has for them', async () => {
    const files = [...recipe.matchAll(/-proto (\S+\.proto)/g)].map(([, name]) => name);
    expect(files.length).toBeGreaterThan(1);
    for (const name of files) expect((await client().files({ fileByFilename: name }))[0]?.name).toBe(name);
  });
});

/** Full names, with a dot before them, as the compiler writes them. */
function typesOf(file: FileDescriptor): string[] {
  const scope = `.${file.package}`;
  return [
    ...file.enumType.map(({ name }) => `${scope}.${name}`),
    ...file.messageType.flatMap((one) => below(scope, one)),
  ];
}

function below(scope: string, { name, enumType, nestedType }: Message): string[] {
  const own = `${scope}.${name}`;
  return [own, ...enumType.map((one) => `${own}.${one.name}`), ...nestedType.flatMap((one) => below(own, one))];
}

function fieldsOf({ field, nestedType }: Message): Message['field'][number][] {
  return [...field, ...nestedType.flatMap(fieldsOf)];
}

function namesUsedIn({ service, messageType }: FileDescriptor): string[] {
  const ofMethods = service.flatMap(({ method }) => method.flatMap((one) => [one.inputType, one.outputType]));
  return [...ofMethods, ...messageType.flatMap(fieldsOf).map(({ typeName }) => typeName)].filter((name) => name !== '');
}
