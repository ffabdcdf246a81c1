import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints, outcomes } from '../../src/transport/request-report.js';
import { rejectionCodes } from '../../src/tokens/rejection.js';
import { Reception } from '../endpoints/reception.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { basic, request } from '../transport/http/support/requests.js';
import { Scraped } from './support/scraped.js';

const REQUESTS = 100_000;
/** Sent in one write; the answers are read before the next. */
const BATCH = 200;

const random = (): string => randomBytes(9).toString('base64url');
const segment = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const methods = ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'];

/** Each of them with something that nobody has ever seen, where a label could come from. */
const strangers: readonly ((i: number) => Buffer)[] = [
  () =>
    introspection(
      `${segment({ alg: 'ES256', typ: 'JWT' })}.${segment({ iss: `https://${random()}.example` })}.${random()}`,
    ),
  () =>
    introspection(
      `${segment({ alg: 'ES256', kid: random() })}.${segment({ iss: 'https://login.corp.example', aud: random(), exp: 9e9 })}.${'A'.repeat(86)}`,
    ),
  () => introspection(random()),
  () => introspection('x', basic(random(), random())),
  () => introspection('x', `${random()} ${random()}`),
  () => request({ method: 'GET', target: `/${random()}`, headers: bodiless }),
  () => request({ method: 'GET', target: `/introspect?${random()}=${random()}`, headers: bodiless }),
  (i) => request({ method: methods[i % methods.length]!, target: `/${random()}`, headers: bodiless }),
  () => request({ method: 'GET', target: `/authorize?caller=${random()}`, headers: bodiless }),
  () =>
    request({
      method: 'GET',
      target: '/authorize?caller=edge',
      headers: { ...bodiless, Authorization: `Bearer ${random()}` },
    }),
];

const bodiless = { 'Content-Type': undefined, 'Content-Length': undefined };

function introspection(token: string, authorization = basic()): Buffer {
  return request({ headers: { Authorization: authorization }, body: `token=${encodeURIComponent(token)}` });
}

/** A stranger can make us count, and nothing else. */
describe('cardinality', () => {
  let reception: Reception;
  let endpoint: HttpEndpoint;

  beforeAll(async () => {
    reception = await Reception.open();
    // What is logged is bounded elsewhere, and would only be kept here.
    reception.logger.setLevel('error');
    endpoint = await HttpEndpoint.before(reception, { trustedProxies: ['127.0.0.1'] });
  });

  afterAll(() => endpoint.close());

  const scrape = async (): Promise<Scraped> => new Scraped(await reception.telemetry.reader.scrape());

  /** Sends requests on one connection, as fast as they are answered. */
  async function send(from: number, count: number): Promise<void> {
    const socket = connect(endpoint.port, '127.0.0.1');
    let answered = 0;
    let wake = (): void => undefined;
    // Each answer begins with a status line; a batch may end inside of one.
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      const text = rest + chunk.toString('latin1');
      answered += text.split('HTTP/1.1 ').length - 1;
      rest = text.slice(-8);
      if (rest.includes('HTTP/1.1')) rest = '';
      wake();
    });
    for (let sent = 0; sent < count; sent += BATCH) {
      const batch = Array.from({ length: BATCH }, (_, i) => strangers[(from + sent + i) % strangers.length]!(i));
      socket.write(Buffer.concat(batch));
      while (answered < sent + BATCH) await new Promise<void>((resolve) => (wake = resolve));
    }
    socket.destroy();
  }

  it(`is not changed by ${REQUESTS} requests with random iss, kid, caller ids, paths and methods`, async () => {
    await send(0, 5_000);
    const before = await scrape();
    await send(5_000, REQUESTS);
    const after = await scrape();

    expect([...after.names].sort()).toEqual([...before.names].sort());
    expect(after.value('assay_requests_total', { door: 'other', outcome: 'refused' })).toBeGreaterThan(REQUESTS / 10);
  }, 240_000);

  it('is that of registered names and of words of ours', async () => {
    const scraped = await scrape();
    const isKnown = (values: ReadonlySet<string>, known: readonly string[]): boolean =>
      [...values].every((value) => value === '' || known.includes(value));
    expect(isKnown(scraped.valuesOf('door'), endpoints)).toBe(true);
    expect(isKnown(scraped.valuesOf('outcome'), outcomes)).toBe(true);
    expect(isKnown(scraped.valuesOf('caller'), ['orders', 'edge'])).toBe(true);
    expect(isKnown(scraped.valuesOf('issuer'), ['main'])).toBe(true);
    expect(isKnown(scraped.valuesOf('reason'), rejectionCodes)).toBe(true);
    expect(scraped.valuesOf('reason').size).toBeGreaterThan(2);
    const routes = ['/introspect', '/authorize'];
    expect(isKnown(scraped.valuesOf('http_route'), routes)).toBe(true);
    expect(isKnown(scraped.valuesOf('http_request_method'), [...methods, 'POST'])).toBe(true);
    expect(scraped.valuesOf('http_response_status_code').size).toBeLessThan(10);
  });
});
