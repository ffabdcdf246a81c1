import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HttpEndpoint } from './support/http-endpoint.js';
import { answersIn, exchange, header, talk } from './support/raw-http.js';
import { basic, request } from './support/requests.js';

/** H-07: what two servers could read in two ways is answered 400, and nothing behind it is ever run. */
describe('H-07 request smuggling', () => {
  let endpoint: HttpEndpoint;
  let smuggled: Buffer;

  beforeAll(async () => {
    endpoint = await HttpEndpoint.open();
    smuggled = request({ body: `token=${endpoint.context.good.build()}` });
  });

  afterAll(() => endpoint.close());

  beforeEach(() => {
    endpoint.introspected = 0;
  });

  const form = 'Content-Type: application/x-www-form-urlencoded';

  function head(...lines: readonly string[]): string {
    return ['POST /introspect HTTP/1.1', 'Host: a.example', `Authorization: ${basic()}`, form, ...lines, '', ''].join(
      '\r\n',
    );
  }

  const chunked = 'Transfer-Encoding: chunked';
  const lastChunk = '0\r\n\r\n';

  it.each([
    ['CL and TE', head('Content-Length: 6', chunked) + lastChunk],
    ['TE and CL', head(chunked, 'Content-Length: 6') + lastChunk],
    ['TE xchunked', head('Transfer-Encoding: xchunked') + lastChunk],
    ['TE chunked, identity', head('Transfer-Encoding: chunked, identity') + lastChunk],
    ['TE identity', head('Transfer-Encoding: identity') + lastChunk],
    ['TE chunked twice', head('Transfer-Encoding: chunked, chunked') + lastChunk],
    ['TE in two lines', head(chunked, 'Transfer-Encoding: x') + lastChunk],
    ['TE with a vertical tab', head('Transfer-Encoding: \vchunked') + lastChunk],
    ['TE in quotes', head('Transfer-Encoding: "chunked"') + lastChunk],
    ['two CL that differ', `${head('Content-Length: 7', 'Content-Length: 0')}token=a`],
    ['two CL that agree', `${head('Content-Length: 7', 'Content-Length: 7')}token=a`],
    ['a list of CL', `${head('Content-Length: 7, 7')}token=a`],
    ['CL +7', `${head('Content-Length: +7')}token=a`],
    ['CL 7 7', `${head('Content-Length: 7 7')}token=a`],
    ['CL 0x7', `${head('Content-Length: 0x7')}token=a`],
    ['CL -1', `${head('Content-Length: -1')}token=a`],
    ['CL empty', `${head('Content-Length:')}token=a`],
    ['CL of 30 digits', `${head(`Content-Length: ${'9'.repeat(30)}`)}token=a`],
    ['TE in HTTP/1.0', (head(chunked, 'Connection: keep-alive') + lastChunk).replace('HTTP/1.1', 'HTTP/1.0')],
    ['space before the colon', `${head('Content-Length : 7')}token=a`],
    ['tab before the colon', `${head('Content-Length\t: 7')}token=a`],
    ['space before the first header', head('Content-Length: 0').replace('\r\nHost', '\r\n Host')],
    ['a folded line', `${head('X-Folded: a', ' b', 'Content-Length: 7')}token=a`],
    ['a bare LF after a header', `${head('X-A: b\nContent-Length: 7')}token=a`],
    ['a bare LF after the head', `${head('Content-Length: 7').slice(0, -2)}\ntoken=a`],
    ['a bare CR in a header', `${head('X-A: b\rContent-Length: 7')}token=a`],
    ['NUL in a value', `${head('X-A: b\0', 'Content-Length: 7')}token=a`],
    ['NUL in a name', `${head('X\0A: b', 'Content-Length: 7')}token=a`],
    ['a header without a name', `${head(': b', 'Content-Length: 7')}token=a`],
    ['a header without a colon', `${head('X-A', 'Content-Length: 7')}token=a`],
    ['a chunk size of 0x5', `${head(chunked)}0x5\r\ntoken\r\n${lastChunk}`],
    ['a chunk size of +5', `${head(chunked)}+5\r\ntoken\r\n${lastChunk}`],
    ['a chunk size with a space', `${head(chunked)}5 \r\ntoken\r\n${lastChunk}`],
    ['a chunk size of 20 digits', `${head(chunked)}${'f'.repeat(20)}\r\ntoken\r\n${lastChunk}`],
    ['a chunk that is longer than it says', `${head(chunked)}3\r\ntoken\r\n${lastChunk}`],
    ['a bare LF after a chunk size', `${head(chunked)}5\ntoken\r\n${lastChunk}`],
    ['a bare LF in a chunk extension', `${head(chunked)}5;a\nb\r\ntoken\r\n${lastChunk}`],
    ['a bare CR in a chunk extension', `${head(chunked)}5;a\rb\r\ntoken\r\n${lastChunk}`],
    ['a length in a trailer', `${head(chunked)}7\r\ntoken=a\r\n0\r\nContent-Length: 3\r\n\r\n`],
    ['two Host', `${head('Host: b.example', 'Content-Length: 7')}token=a`],
    ['no Host', `${head('Content-Length: 7').replace('Host: a.example\r\n', '')}token=a`],
    ['an unknown version', `${head('Content-Length: 7').replace('HTTP/1.1', 'HTTP/1.2')}token=a`],
    ['HTTP/2 prior knowledge', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['not HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n'],
  ])('H-07 %s: 400, close, and the bytes that follow are not a request', async (_, bytes) => {
    const answers = await talk(endpoint.port, Buffer.concat([Buffer.from(bytes, 'latin1'), smuggled]), { end: false });
    expect(answers.map(({ status }) => status)).toEqual([400]);
    expect(header(answers[0]!, 'connection')).toBe('close');
    expect(header(answers[0]!, 'cache-control')).toBe('no-store');
    expect(endpoint.introspected).toBe(0);
  });

  it.each([
    ['gzip before chunked', head('Transfer-Encoding: gzip, chunked') + lastChunk],
    ['gzip before chunked, without a space', head('Transfer-Encoding: gzip,chunked') + lastChunk],
    ['gzip with a parameter', head('Transfer-Encoding: gzip;q=1, chunked') + lastChunk],
    ['identity, which is no coding any more', head('Transfer-Encoding: identity, chunked') + lastChunk],
    ['in two lines', head('Transfer-Encoding: deflate', chunked) + lastChunk],
    ['in capitals', head('Transfer-Encoding: GZIP, Chunked') + lastChunk],
  ])('A transfer coding that we do not have: 501, and no body is read (RFC 9112 §6.1): %s', async (_, bytes) => {
    const answers = await talk(endpoint.port, Buffer.concat([Buffer.from(bytes), smuggled]), { end: false });
    expect(answers.map((answer) => [answer.status, header(answer, 'connection')])).toEqual([[501, 'close']]);
    expect(header(answers[0]!, 'cache-control')).toBe('no-store');
    expect(endpoint.introspected).toBe(0);
  });

  it.each([
    ['gzip alone', 'gzip'],
    ['gzip at the end', 'chunked, gzip'],
    ['a parameter of chunked', 'chunked;a=b'],
    ['chunked twice around another', 'chunked, gzip, chunked'],
    ['nothing', ''],
  ])('A body whose end nobody can find: 400, whatever the coding is (RFC 9112 §6.3): %s', async (_, coding) => {
    // The resource that does not wait for a body.
    const asking = head(`Transfer-Encoding: ${coding}`).replace('/introspect', '/authorize?caller=edge');
    const answers = await talk(endpoint.port, Buffer.concat([Buffer.from(asking + lastChunk), smuggled]), {
      end: false,
    });
    expect(answers.map((answer) => [answer.status, header(answer, 'connection')])).toEqual([[400, 'close']]);
    expect(endpoint.introspected).toBe(0);
  });

  it.each(['HTTP/2.0', 'HTTP/2.1', 'HTTP/3.0', 'HTTP/9.9', 'HTTP/0.9', 'HTTP/0.1'])(
    'Another major version: 505 and close (RFC 9110 §15.6.6): %s',
    async (version) => {
      const bytes = `${head('Content-Length: 7').replace('HTTP/1.1', version)}token=a`;
      const answers = await talk(endpoint.port, Buffer.concat([Buffer.from(bytes), smuggled]), { end: false });
      expect(answers.map((answer) => [answer.status, header(answer, 'connection')])).toEqual([[505, 'close']]);
      expect(header(answers[0]!, 'cache-control')).toBe('no-store');
      expect(endpoint.introspected).toBe(0);
    },
  );

  it('A request line without a version is of HTTP/0.9, which we do not speak', async () => {
    const answers = await talk(endpoint.port, Buffer.from('GET /introspect\r\n\r\n'), { end: false });
    expect(answers.map(({ status }) => status)).toEqual([505]);
  });

  it.each(['HTTP/1.10', 'HTTP/12.0', 'HTTP/1', 'HTTP/x.y', 'http/1.1', 'HTTPS/2.0'])(
    'What is no version at all: 400: %s',
    async (version) => {
      const bytes = `${head('Content-Length: 7').replace('HTTP/1.1', version)}token=a`;
      expect((await talk(endpoint.port, Buffer.from(bytes), { end: false })).map(({ status }) => status)).toEqual([
        400,
      ]);
    },
  );

  it('H-07 a chunk extension of 1 MiB: 413 and close', async () => {
    const bytes = `${head(chunked)}5;${'a'.repeat(1_048_576)}\r\ntoken\r\n${lastChunk}`;
    const [answer] = await talk(endpoint.port, Buffer.concat([Buffer.from(bytes), smuggled]), { end: false });
    // Bytes that are still under way may reset the connection before the answer is read; it is closed either way.
    expect([413, undefined]).toContain(answer?.status);
    expect(endpoint.introspected).toBe(0);
  });

  it('H-07 white space around chunked is white space, and changes no frame', async () => {
    const bytes = `${head('Transfer-Encoding:\tchunked ')}7\r\ntoken=a\r\n${lastChunk}`;
    const answers = await talk(endpoint.port, Buffer.concat([Buffer.from(bytes), request({ body: 'token=b' })]));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('H-07 a trailer is never a credential', async () => {
    const anonymous = head(chunked).replace(/Authorization: .*\r\n/, '');
    const trailer = `7\r\ntoken=a\r\n0\r\nAuthorization: ${basic()}\r\n\r\n`;
    const answers = await talk(endpoint.port, anonymous + trailer);
    expect(answers.map(({ status }) => status)).toEqual([401]);
    expect(endpoint.introspected).toBe(0);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'PROPFIND'])(
    'H-07 %s with a type and without a body is answered at once, and so is what follows',
    async (method) => {
      const bare = head().replace('POST /introspect', `${method} /introspect`);
      const answers = await talk(endpoint.port, Buffer.concat([Buffer.from(bare), smuggled]));
      expect(answers).toHaveLength(2);
      expect(answers[1]!.status).toBe(200);
    },
  );

  it('H-07 half a request is no request', async () => {
    const half = smuggled.subarray(0, smuggled.length - 1);
    const answers = answersIn(await exchange(connect(endpoint.port, '127.0.0.1'), half));
    expect(answers.map(({ status }) => status)).toEqual([400]);
    expect(endpoint.introspected).toBe(0);
  });
});
