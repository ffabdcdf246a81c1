// The commands of the documents are run against the built program, word for word: only where it listens is not what a page says.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKey } from '../builders/a-key.js';
import { blocks, root, type Block } from '../documents/support/documents.js';
import { typed } from '../documents/support/scripts.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { eventually } from '../fakes/eventually.js';
import { AssayProcess, emptyDirectory } from './support/assay-process.js';
import { callerSection, configurationOf, issuerSection, ordersApi } from './support/configuration.js';

const operator = 'operator-token-Pf4Gs8Rd1JkQm6BzXv0C';

/** Blocks that need more than a program, by the document and a piece of the block, each with what is missing here. */
const needMore: readonly (readonly [document: string, piece: string, missing: string])[] = [
  ['README.md', 'var/run/secrets/assay/token', 'a Kubernetes that makes tokens'],
  ['docs/admin.md', '/fleet/replicas/', 'a replica that has ended'],
  ['docs/clients/README.md', ':8082/token', 'the demo issuer'],
  ['docs/recipes/grpcurl.md', ':8082/token', 'the demo issuer'],
  ['docs/revocation.md', '/events?after=', 'a place in the log of events that this replica has given'],
];
const lacksNothing = ({ document, text }: Block): boolean =>
  !needMore.some(([of, piece]) => of === document && text.includes(piece));

/** What is put to Assay by curl, or by `assay` itself where a page shows both. A function that a page makes is used by others. */
const asks = ({ language, use, text }: Block): boolean =>
  ['sh', 'bash', 'console'].includes(language) && use === '' && /^(?!\w+\(\)|#).*\bcurl -?[-s]/mu.test(text);

const runnable = blocks.filter((block) => asks(block) && lacksNothing(block));

/** The addresses of a page are those of this program, and a mounted secret is the operator's. A refusal of the server fails; that `assay` ends with 1 is an answer. */
const shell = (publicUrl: string, managementUrl: string): string => `
set -eo pipefail
curl() {
  local word words=() failing=--fail-with-body
  for word; do
    case $word in
      http://127.0.0.1:8080/* | https://assay.*) word="${publicUrl}/$(printf %s "$word" | sed -E 's,^https?://[^/]*/,,')" ;;
      http://127.0.0.1:8081/*) word="${managementUrl}/\${word#http://127.0.0.1:8081/}" ;;
      --fail) failing=--fail ;;
    esac
    words+=("$word")
  done
  command curl "$failing" --max-time 40 "\${words[@]}"
}
cat() { case $1 in /run/secrets/*) printf %s '${operator}' ;; *) command cat "$@" ;; esac; }
assay() { '${process.execPath}' '${join(root, 'dist', 'main.js')}' "$@" --service '${managementUrl}' || [ $? = 1 ]; }
`;

/** What a page has its reader do first: to set variables, and to make functions. */
function setUpAbove({ before }: Block): string {
  const lines = before.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.split('\n'));
  return lines.filter((line) => /^(?:export |[A-Z]+=|\w+\(\) )/u.test(line)).join('\n');
}

describe('commands of documents, against the built program', () => {
  let issuer: FakeIssuer;
  let assay: AssayProcess;
  /** What a reader brings, and what the page lets them make, such as a secret that has to be the one in the configuration. */
  let brought: Readonly<Record<string, string>>;

  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    const directory = await emptyDirectory();
    await writeFile(join(directory, 'a.pem'), aKey('ES256').privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await writeFile(join(directory, 'team.yaml'), 'owner: a-team\n');
    const signing = { keys: [{ id: 'a', keyFile: 'a.pem', alg: 'ES256', use: 'signing' }] };
    assay = await AssayProcess.start(
      (ports) => ({
        ...configurationOf(ports, [issuerSection('corp', issuer)], {
          identifier: `http://127.0.0.1:${ports.http}`,
          signing,
        }),
        callers: [{ ...callerSection(ordersApi.id, ordersApi.secret), issuers: ['corp'], revoke: 'any' }],
        include: 'team.yaml',
        owners: [{ files: 'team.yaml', trusted: true }],
        admin: { tokens: [{ id: 'ops', secret: operator, role: 'operator' }] },
      }),
      { directory },
    );
    const token = await issuer.sign();
    await writeFile(join(directory, 'token.txt'), token);
    brought = {
      ACCESS_TOKEN: token,
      ASSAY: `${assay.managementUrl}/admin/v1`,
      ASSAY_URL: assay.publicUrl,
      ASSAY_CLIENT: ordersApi.id,
      ASSAY_SECRET: ordersApi.secret,
      DPOP: 'a.b.c',
      ID: await revokedId(),
      ORDERS_API_SECRET: ordersApi.secret,
      SECRET: ordersApi.secret,
    };
  });

  afterAll(async () => {
    await assay.stop();
    await issuer.stop();
  });

  /** A decision that can be taken back. */
  async function revokedId(): Promise<string> {
    const response = await fetch(`${assay.managementUrl}/admin/v1/issuers/corp/revocations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'subject', value: 'somebody', reason: 'a test' }),
    });
    return ((await response.json()) as { id: string }).id;
  }

  /** What each block is run with: what operators ask carries a token of theirs, what callers ask the token that it is about. */
  function run(block: Block): Promise<{ readonly status: unknown; readonly output: string; readonly errors: string }> {
    const isOfOperator = block.text.includes('Bearer $TOKEN');
    const variables = { ...brought, TOKEN: isOfOperator ? operator : (brought['ACCESS_TOKEN'] ?? '') };
    const settings = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`);
    const script = [shell(assay.publicUrl, assay.managementUrl), setUpAbove(block), ...settings, typed(block)];
    const options = { env: { PATH: process.env['PATH'], ASSAY_ADMIN_TOKEN: operator }, cwd: assay.directory };
    return new Promise((resolve) => {
      execFile('/bin/bash', ['-c', script.join('\n')], options, (error, output, errors) => {
        resolve({ status: error?.code ?? 0, output, errors });
      });
    });
  }

  it.each(runnable.map((block) => [`${block.document}:${block.line}`, block] as const))('%s', async (_name, block) => {
    let { status, output, errors } = await run(block);
    // An issuer that was fetched from a moment ago is left alone for two seconds.
    await eventually(async () => {
      if (!output.includes('look_refused')) return true;
      ({ status, output, errors } = await run(block));
      return false;
    });
    expect(status, `${output}\n${errors}`).toBe(0);
    // RFC 7009 answers nothing, and a filter may leave nothing.
    if (!/\/revoke|select\(/u.test(block.text)) expect(output).not.toBe('');
  });

  it('every block that needs more is there', () => {
    const unneeded = needMore.filter(
      ([document, piece]) =>
        !blocks.some((block) => asks(block) && block.document === document && block.text.includes(piece)),
    );
    expect(unneeded).toEqual([]);
  });
});
