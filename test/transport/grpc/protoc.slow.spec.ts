import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/shared/package-root.js';

const run = promisify(execFile);

const ours = 'assay/v1/introspection.proto';
const health = 'grpc/health/v1/health.proto';

/** Of each language a file that the compiler makes, and what must stand in it. The stubs of services need other plugins. */
const languages: readonly (readonly [language: string, file: string, content: string])[] = [
  ['java', 'assay/v1/IntrospectResponse.java', 'package assay.v1;'],
  ['python', 'assay/v1/introspection_pb2.py', 'assay.v1'],
  ['csharp', 'Introspection.cs', 'namespace Assay.V1 {'],
  ['ruby', 'assay/v1/introspection_pb.rb', 'module Assay'],
  ['php', 'Assay/V1/IntrospectResponse.php', 'namespace Assay\\V1;'],
  ['cpp', 'assay/v1/introspection.pb.h', 'class IntrospectResponse'],
  ['go', 'assay/v1/introspection.pb.go', 'package assayv1'],
];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-protoc-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** @param sources where the compiler finds the files, as its options */
async function compile(language: string, sources: readonly string[]): Promise<string> {
  const out = await mkdtemp(join(folder, `${language}-`));
  await run('protoc', [...sources, `--${language}_out=${out}`, ours, health], { cwd: packageRoot });
  return out;
}

describe('protoc', () => {
  it.each(languages)('compiles the interfaces for %s', async (language, file, content) => {
    const out = await compile(language, ['-Iproto']);
    expect(await readFile(join(out, file), 'utf8')).toContain(content);
  });

  it('resolves the descriptors that reflection hands out, without the files', async () => {
    const out = await compile('python', ['--descriptor_set_in=proto/descriptors.binpb']);
    expect(await readdir(join(out, 'assay', 'v1'))).toContain('introspection_pb2.py');
    expect(await readdir(join(out, 'grpc', 'health', 'v1'))).toContain('health_pb2.py');
  });
});
