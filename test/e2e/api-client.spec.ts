import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import openapiTypescript, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { AssayProcess } from './support/assay-process.js';
import { configurationOf, issuerSection, ordersApi } from './support/configuration.js';

const root = join(import.meta.dirname, '..', '..');
const operator = 'operator-token-Pf4Gs8Rd1JkQm6BzXv0C';

/** Within the repository, so that the client finds its library. */
const folder = join(root, '.reports', 'api-client');

/** The client of docs/api.md, with types that are made from the document of the running program. */
describe('a TypeScript client that is made from /openapi.json', () => {
  let issuer: FakeIssuer;
  let assay: AssayProcess;
  let client: string;

  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    assay = await AssayProcess.start((ports) => ({
      ...configurationOf(ports, [issuerSection('corp', issuer)]),
      admin: { tokens: [{ id: 'acting', secret: operator, role: 'operator' }] },
    }));
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const types = await openapiTypescript(new URL('/openapi.json', assay.managementUrl));
    await writeFile(join(folder, 'assay.ts'), astToString(types));
    const [, block = ''] = /```ts\n([\s\S]*?)```/.exec(await readFile(join(root, 'docs', 'api.md'), 'utf8')) ?? [];
    client = block;
  });

  afterAll(async () => {
    await assay.stop();
    await issuer.stop();
  });

  /** What the compiler says of a client. */
  async function mistakesIn(source: string): Promise<readonly string[]> {
    const file = join(folder, 'ask.ts');
    await writeFile(file, source);
    const program = ts.createProgram([file], {
      strict: true,
      noEmit: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      types: ['node'],
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  }

  it('compiles, and says what the program says', async () => {
    expect(client).toContain('openapi-fetch');
    expect(await mistakesIn(client)).toEqual([]);

    const said = async (token: string) => {
      const env = {
        PATH: process.env['PATH'],
        ASSAY_URL: assay.publicUrl,
        ASSAY_ADMIN: assay.managementUrl,
        ASSAY_CLIENT: ordersApi.id,
        ASSAY_SECRET: ordersApi.secret,
        ASSAY_OPERATOR: operator,
        TOKEN: token,
      };
      const node = join(root, 'node_modules', '.bin', 'node');
      return (await promisify(execFile)(node, ['ask.ts'], { cwd: folder, env })).stdout;
    };
    expect(await said(await issuer.sign({ sub: 'anna' }))).toBe('good: anna\ncorp: FRESH\n');
    expect(await said('x')).toBe('bad\ncorp: FRESH\n');
  });

  it.each([
    ['a path that there is not', "'/introspect'", "'/introspekt'"],
    ['a member that is not described', 'body: { token }', 'body: { tokn: token }'],
    ['a member of an answer that is not described', 'data.sub', 'data.subject.toUpperCase()'],
  ])('does not compile with %s', async (_what, right, wrong) => {
    expect(client).toContain(right);
    expect(await mistakesIn(client.replace(right, wrong))).not.toEqual([]);
  });
});
