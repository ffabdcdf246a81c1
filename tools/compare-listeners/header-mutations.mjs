// Mutations of the headers that mean something to a server: how the connection goes on, what is expected, who is asking.
import { formType, goodCredentials, wrongCredentials } from './requests.mjs';

/** Headers with a meaning, and values that may change it. */
const meanings = {
  host: [
    'Host',
    [
      '',
      ' ',
      'b.example',
      'a.example:80',
      'a.example:99999',
      'a b',
      'a/b',
      'user@a',
      '[::1]',
      '[',
      '%00',
      'a,b',
      '\xff',
    ],
  ],
  expect: [
    'Expect',
    ['100-continue', '100-Continue', '100-continue ', '100-continue, x', 'miracles', '', 'x=y', '100', '200-ok'],
  ],
  connection: [
    'Connection',
    [
      ...[
        'close',
        'Close',
        'keep-alive',
        'Keep-Alive',
        'close, keep-alive',
        'keep-alive, close',
        'x',
        '',
        ',',
        'TE',
        'upgrade',
      ],
      ...[
        'authorization',
        'host',
        'content-length',
        'transfer-encoding',
        'keep-alive, x',
        'closed',
        'close;x',
        'te, close',
      ],
    ],
  ],
  'keep-alive': ['Keep-Alive', ['timeout=1', 'timeout=0', 'max=1', 'x', '']],
  'proxy-connection': ['Proxy-Connection', ['close', 'keep-alive']],
  te: ['TE', ['trailers', 'gzip', 'chunked', 'trailers, deflate;q=0.5', '']],
  trailer: ['Trailer', ['Authorization', 'Content-Length', 'X-A', '']],
  'content-encoding': [
    'Content-Encoding',
    ['gzip', 'br', 'deflate', 'identity', 'Identity', 'identity, gzip', 'x', '', ' identity '],
  ],
  'content-type': [
    'Content-Type',
    [
      ...[formType, 'Application/X-WWW-Form-Urlencoded', `${formType}; charset=UTF-8`, `${formType};charset=utf-8`],
      ...[`${formType} ; Charset="utf-8"`, `${formType}; charset=utf-16`, `${formType}; charset=utf-7`, `${formType};`],
      ...[
        `${formType}; charset=utf-8; charset=utf-7`,
        `${formType}; charset=`,
        `${formType}, text/html`,
        `${formType}x`,
      ],
      ...[`text/html, ${formType}`, `${formType}; boundary=x`, ` ${formType}`, `${formType}\t`, `"${formType}"`, ''],
      ...[
        'application/json',
        'application/json; charset=utf-8',
        'multipart/form-data; boundary=x',
        'multipart/form-data',
      ],
      ...[
        'application/graphql',
        'text/xml',
        'text/plain',
        'garbage',
        '/',
        ';',
        'a/b/c',
        '\xff',
        'application/grpc-web+proto',
      ],
    ],
  ],
  accept: [
    'Accept',
    [
      '*/*',
      'text/html',
      'application/json;q=0',
      'application/token-introspection+jwt',
      'x',
      '',
      'application/Token-Introspection+JWT;q=1, a/b',
    ],
  ],
  override: ['X-HTTP-Method-Override', ['GET', 'POST', 'DELETE']],
  condition: ['If-None-Match', ['*', '"x"', 'W/"x"']],
  range: ['Range', ['bytes=0-3', 'bytes=-1', 'x']],
  origin: ['Origin', ['https://evil.example', 'null']],
  traceparent: ['traceparent', ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '00-x-y-01', '', 'ff']],
  'accept-encoding': ['Accept-Encoding', ['gzip', 'br', '*', 'identity;q=0']],
  'x-forwarded-host': ['X-Forwarded-Host', ['evil.example', '']],
  'x-forwarded-uri': ['X-Forwarded-Uri', ['/admin', '/x?/public', '']],
};

const meaningMutations = Object.fromEntries(
  Object.entries(meanings).map(([mutation, [name, values]]) => [
    mutation,
    (message, random) => {
      message.set(name, random.pick(values));
    },
  ]),
);

const credentialMutations = {
  authorization: (message, random, world) => {
    const good = goodCredentials(random, world);
    const wrong = wrongCredentials(random, world);
    const bearer = `Bearer ${random.pick(world.tokens.good)}`;
    message.set(
      'Authorization',
      random.pick([
        ...[
          good,
          wrong,
          bearer,
          `${good}, ${bearer}`,
          `${bearer},${good}`,
          good.replace('Basic', 'basic'),
          `${good} x`,
          `${good}=`,
        ],
        ...[
          good.replace(' ', '  '),
          good.replace(' ', '\t'),
          good.slice(0, -2),
          'Bearer',
          'Bearer ',
          'Bearer a b',
          'Bearer "a"',
          '',
        ],
        ...[
          'DPoP abc',
          'Negotiate abc',
          ' ',
          `Basic ${'a'.repeat(9_000)}`,
          `Bearer ${'a'.repeat(8_180)}`,
          'Basic !!!!',
          '\xff',
        ],
      ]),
    );
  },
  'proxy-authorization': (message, random, world) => {
    message.add('Proxy-Authorization', goodCredentials(random, world));
  },
  // Always another address: it is the source of whatever fails, and failures of one source add up.
  forwarded: (message, random) => {
    const address = `10.${random.below(256)}.${random.below(256)}.${random.below(256)}`;
    const odd = [
      address,
      `${address}, 127.0.0.1`,
      `x, ${address}`,
      `${address}, x`,
      `::ffff:${address}`,
      `2001:db8::${random.word(4)}`,
    ];
    message.add('X-Forwarded-For', random.pick([...odd, 'x', '', ',', '127.0.0.1', `${address}:80`]));
    if (random.chance(0.3)) message.add('Forwarded', `for=${address};proto=https;host=evil.example`);
  },
  upgrade: (message, random) => {
    message.add('Upgrade', random.pick(['websocket', 'h2c', 'x', '', 'TLS/1.0', 'h2c, websocket']));
    if (random.chance(0.8))
      message.set('Connection', random.pick(['Upgrade', 'upgrade', 'Upgrade, HTTP2-Settings', 'close, upgrade']));
    if (random.chance(0.3)) message.add('HTTP2-Settings', 'AAMAAABkAAQAAP__');
    if (random.chance(0.3)) message.add('Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==');
  },
};

/** Mutations of the headers that mean something. */
export const headerMutations = { ...meaningMutations, ...credentialMutations };
