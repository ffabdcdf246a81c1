import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { limitedCaller, SECRET } from '../endpoints/reception.js';
import { AskedAssay } from './support/asked-assay.js';
import { servedClients, type Asking, type ServedClient } from './support/served-clients.js';
import { cases, promised, type Case } from './support/served-page.js';
import { EchoUpstream } from './support/echo-upstream.js';

let assay: AskedAssay;
let upstream: EchoUpstream;
/** Some take seconds to end: nobody waits for them before the last test. */
const ended: Promise<void>[] = [];

const limited = (client: ServedClient): string => `limited-${client.page}`;

beforeAll(async () => {
  const callers = servedClients.map((client) => limitedCaller(limited(client), client.isProxy));
  assay = await AskedAssay.open(callers);
  upstream = await EchoUpstream.start();
});

afterAll(async () => {
  await Promise.all(ended);
  await assay.close();
  await upstream.close();
});

/** How the client asks in this case. */
function asking(client: ServedClient, which: Case): Asking {
  const { isSecure, isProxy } = client;
  const nobody = isSecure ? 'https://127.0.0.1:9' : 'http://127.0.0.1:9';
  const isWrong = which === 'wrong credentials';
  return {
    url: which === 'nobody answers' ? nobody : isSecure ? assay.secureUrl : assay.url,
    client: which === 'rate limit' ? limited(client) : isProxy ? (isWrong ? 'unregistered' : 'edge') : 'orders',
    secret: isWrong ? 'wrong' : SECRET,
    assay,
    upstream: upstream.address,
  };
}

/** Questions of its own until one is too many: some clients remember answers, and would not ask that often. */
async function useUp(client: ServedClient): Promise<void> {
  const caller = limited(client);
  const basic = Buffer.from(`${caller}:${SECRET}`).toString('base64');
  const ask = (): Promise<Response> =>
    client.isProxy
      ? fetch(`${assay.url}/authorize?caller=${caller}`, { headers: { authorization: `Bearer ${assay.good}` } })
      : fetch(`${assay.url}/introspect`, {
          method: 'POST',
          headers: { authorization: `Basic ${basic}` },
          body: new URLSearchParams({ token: assay.good }),
        });
  const statuses = [await ask(), await ask(), await ask()].map(({ status }) => status);
  expect(statuses).toEqual([200, 200, 429]);
}

async function seen(client: ServedClient, which: Case): Promise<string> {
  if (which === 'rate limit') await useUp(client);
  assay.isDown = which === 'keys unknown';
  const server = await client.start(asking(client, which));
  try {
    return await client.ask(server, which === 'bad token' ? assay.bad : assay.good);
  } finally {
    assay.isDown = false;
    ended.push(server.stop());
  }
}

describe('docs/clients: servers', () => {
  describe.each(servedClients.map((client) => [client.page, client] as const))('%s', (page, client) => {
    it('good token: its users see what the page says, and something else soon after it is good no more', async () => {
      const server = await client.start(asking(client, 'good token'));
      try {
        expect(await client.ask(server, assay.good)).toBe(promised(page)['good token']);
        assay.isDown = true;
        const asks = async (): Promise<boolean> =>
          (await client.ask(server, assay.good)) === promised(page)['keys unknown'];
        await eventually(asks, () => 'it remembers the good answer');
      } finally {
        assay.isDown = false;
        ended.push(server.stop());
      }
    });

    it.each(cases.slice(1))('%s: its users see what the page says', async (which) => {
      expect(await seen(client, which)).toBe(promised(page)[which]);
    });
  });
});
