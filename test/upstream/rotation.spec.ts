import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileBox } from './support/file-box.js';
import { opaqueIssuer, OpaqueWorld } from './support/opaque-world.js';
import { RecordingUpstream } from './support/recording-upstream.js';
import { text } from './support/three-issuers.js';

let upstream: RecordingUpstream;
let world: OpaqueWorld;
const files = new FileBox();

beforeEach(async () => {
  upstream = await RecordingUpstream.open();
});

afterEach(async () => {
  await world.close();
  await upstream.close();
});

const basic = (secret: string): string => `Basic ${Buffer.from(`assay:${secret}`).toString('base64')}`;

/** The issuer knows us by this secret alone. */
function accept(secret: string): void {
  upstream.behave = ({ headers }, response) => {
    if (headers.authorization === basic(secret)) return world.good();
    response.writeHead(401).end();
    return undefined;
  };
}

const presented = (): readonly (string | undefined)[] => upstream.received.map(({ headers }) => headers.authorization);

async function open(credentials: object): Promise<void> {
  const opaque = { credentials: { clientId: 'assay', ...credentials }, match: { prefix: 'zt_v1_' } };
  world = await OpaqueWorld.open([opaqueIssuer('zitadel', upstream.endpoint, opaque)]);
}

const verdict = (): Promise<unknown> => world.verdict(`zt_v1_${text()}`);

it('OPQ-12 a secret changes in three steps, without one answer that is missing', async () => {
  // 1. The next one is written beside the present one, which stays in use.
  await open({ secret: 'first', next: { secret: 'second' } });
  accept('first');
  for (let i = 0; i < 3; i++) expect(await verdict()).toMatchObject({ active: true });
  expect(presented()).toEqual(Array(3).fill(basic('first')));
  // 2. The issuer changes over: one question is asked twice, and no further one.
  accept('second');
  upstream.received.length = 0;
  for (let i = 0; i < 3; i++) expect(await verdict()).toMatchObject({ active: true });
  expect(presented()).toEqual([basic('first'), ...Array<string>(3).fill(basic('second'))]);
  expect(world.context.logger.lines.filter(({ sentence }) => sentence.includes('other credentials'))).toHaveLength(1);
  await world.close();
  // 3. The former one is taken out.
  await open({ secret: 'second' });
  upstream.received.length = 0;
  expect(await verdict()).toMatchObject({ active: true });
  expect(presented()).toEqual([basic('second')]);
});

it('OPQ-12 an issuer that goes back is followed, and one that refuses both is an outage', async () => {
  await open({ secret: 'first', next: { secret: 'second' } });
  for (const secret of ['second', 'first']) {
    accept(secret);
    expect(await verdict()).toMatchObject({ active: true });
  }
  accept('third');
  upstream.received.length = 0;
  expect(await verdict()).toContain('credentials_refused');
  expect(presented()).toEqual([basic('first'), basic('second')]);
});

it('OPQ-12 another failure than a refusal does not show the next credentials', async () => {
  await open({ secret: 'first', next: { secret: 'second' } });
  upstream.behave = (_received, response) => {
    response.writeHead(500).end();
    return undefined;
  };
  expect(await verdict()).toContain('status_5xx');
  expect(presented()).toEqual([basic('first')]);
});

it('OPQ-12 a secret in a file is read again when the file changes', async () => {
  const secret = `\${file:${files.write('secret', 'first\n')}}`;
  await open({ secret });
  accept('second');
  expect(await verdict()).toContain('credentials_refused');
  files.write('secret', 'second\n');
  await world.context.reload();
  expect(await verdict()).toMatchObject({ active: true });
});
