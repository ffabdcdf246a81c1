// Mutations of what a body says and of how its length is said (RFC 9112 §6 and §7): where two servers may disagree about where a message ends.
import { gzipSync } from 'node:zlib';
import { utf8 } from './message.mjs';
import { anyToken, formType } from './requests.mjs';

const multipart = '--x\r\nContent-Disposition: form-data; name="token"\r\n\r\na\r\n--x--\r\n';

const oddForms = [
  ...['', 'token', 'token=', '=x', '=', '&&', '&=&', 'token&token=b', 'token=a&token=b', 'token=a&%74oken=b'],
  ...['%74%6f%6b%65%6e=a', 'TOKEN=a', 'token[]=a', 'token[0]=a', 'token.x=a', 'token%00=a', ' token=a', '+token=a'],
  ...[
    'token=a;b=c',
    '?token=a',
    'foo=token=a',
    '__proto__=x&token=a',
    'constructor=x&token=a',
    '_charset_=utf-16&token=a',
  ],
  ...['token=%', 'token=%z', 'token=%zz', 'token=a%2', 'token=%u0041', 'token=%c0%ae', 'token=%ff', 'token=%ed%a0%80'],
  ...['token=%00', 'token=a%00b', 'token=a+b', 'token=%e2%82%ac', utf8('token=€'), 'token=%F0%9F%92%A9', 'token=\xff'],
  ...['token=\xc0\xae', 'token=\xed\xa0\x80', utf8('token=\ufeff'), 'token=%0d%0aSet-Cookie:%20a=b', 'token=a&x%=1'],
  ...['token=a&client_id=x&client_id=y', 'token=a&client_secret=x', 'token=a&client_assertion=x.y.z', 'token=\0\r\n'],
  `token=a&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=a.b.c`,
];

const oddBodies = [
  ...['{"token":"a"}', '[]', 'null', '"', multipart, 'query { introspect(token: "a") { active } }', '<token>a</token>'],
  ...['\0', '\r\n', '\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', '0\r\n\r\n', '5\r\ntoken\r\n0\r\n\r\n', '\x1f\x8b\b\0'],
];

/** What a body says. */
export const contentMutations = {
  form: (message, random) => {
    message.body = random.pick(oddForms);
  },
  'form-around-token': (message, random, world) => {
    const odd = random.pick(oddForms);
    const token = `token=${anyToken(random, world)}`;
    message.body = random.chance(0.5) ? `${odd}&${token}` : `${token}&${odd}`;
  },
  'form-many': (message, random, world) => {
    const many = Array.from({ length: random.pick([10, 62, 63, 64, 65, 200]) }, (_, i) => `p${i}=1`);
    message.body = `${many.join('&')}&token=${anyToken(random, world)}`;
  },
  'form-encoded': (message, random) => {
    const encode = (octet) => `%${octet.charCodeAt(0).toString(16).padStart(2, '0')}`;
    message.body = message.body.replace(/[^&=%]/g, (octet) => (random.chance(0.3) ? encode(octet) : octet));
  },
  body: (message, random) => {
    message.body = random.chance(0.8) ? random.pick(oddBodies) : random.octets(random.below(200));
    if (message.body !== '' && !message.find('Content-Length')) message.add('Content-Length', undefined);
  },
  'body-none': (message) => {
    message.body = '';
    message.remove('Content-Length');
  },
  'body-limit': (message, random) => {
    const length = random.pick([65_535, 65_536, 65_537, 65_600, 70_000, 100_000]);
    message.body = `token=${'a'.repeat(length - 6)}`;
    if (!message.find('Content-Length')) message.add('Content-Length', undefined);
  },
  'body-packed': (message, random) => {
    message.body = gzipSync(message.body).toString('latin1');
    message.set('Content-Encoding', random.pick(['gzip', 'GZIP', 'x-gzip', 'identity', 'gzip, identity', 'br']));
    if (!message.find('Content-Length')) message.add('Content-Length', undefined);
  },
};

const oddLengths = [
  ...[
    '',
    ' ',
    '+7',
    '-1',
    '0x7',
    '7 7',
    '7, 7',
    '7,7',
    '7;',
    '7.0',
    '7e1',
    '\xb2',
    '"7"',
    '007',
    '0000000000000000000000000',
  ],
  ...['9'.repeat(30), '18446744073709551616', '18446744073709551623', '9223372036854775807', '4294967303', 'a', '0'],
];

const oddCodings = [
  ...['xchunked', 'identity', 'chunked, identity', 'identity, chunked', 'chunked, chunked', 'gzip, chunked', 'gzip'],
  ...['"chunked"', '\vchunked', '\tchunked ', 'Chunked', 'CHUNKED', 'chunked;a=b', 'chunked,', ',chunked', 'x', ''],
  ...['chunked\0', 'chunked x', 'deflate', 'trailers, chunked', 'chunked, gzip', '\xa0chunked', 'chunke', 'chunkedd'],
];

/** How the length of a body is said. */
export const framingMutations = {
  'length-odd': (message, random) => {
    message.set('Content-Length', random.pick(oddLengths));
  },
  'length-wrong': (message, random) => {
    const difference = random.pick([-3, -2, -1, 1, 2, 3, 10, 100, 1_000, 70_000]);
    message.set('Content-Length', String(Math.max(0, message.body.length + difference)));
  },
  'length-missing': (message) => {
    message.remove('Content-Length');
  },
  'length-twice': (message, random) => {
    const length = message.body.length;
    const at = random.below(message.headers.length + 1);
    message.add('Content-Length', String(random.pick([length, 0, length + 1, `0${length}`, '', 'x'])), at);
  },
  'length-and-chunks': (message, random) => {
    inChunks(message, random);
    message.add('Content-Length', random.pick([undefined, '0', '3', 'x']), random.below(message.headers.length + 1));
  },
  coding: (message, random) => {
    const value = random.pick(oddCodings);
    if (random.chance(0.6)) inChunks(message, random);
    message.set('Transfer-Encoding', value);
  },
  'coding-twice': (message, random) => {
    inChunks(message, random);
    message.add('Transfer-Encoding', random.pick(['chunked', ...oddCodings]));
  },
  chunked: (message, random) => {
    inChunks(message, random);
  },
  'chunk-extension': (message, random) => {
    const odd = [
      ';a',
      ';a=b',
      ';a="b"',
      ';a="b;c"',
      '; a = b',
      ' ;a',
      ';',
      ';;',
      ';a=\t',
      ';a="\\""',
      ';a="',
      ';\xff',
      ';a=b,c',
    ];
    const long = `;a=${'x'.repeat(random.pick([100, 4_000, 16_380, 16_384, 20_000]))}`;
    inChunks(message, random, { extension: random.chance(0.85) ? random.pick(odd) : long });
  },
  'chunk-trailer': (message, random, world) => {
    const odd = [
      'X-A: b',
      'Content-Length: 3',
      'Transfer-Encoding: chunked',
      'Host: b',
      'X A: b',
      'X-A',
      ' folded',
      ':',
    ];
    const credential = `Authorization: Bearer ${world.tokens.caller}`;
    const type = `Content-Type: ${formType}`;
    const lines = Array.from({ length: random.between(1, 3) }, () =>
      random.pick([...odd, credential, type, 'a: b\nc: d']),
    );
    if (random.chance(0.1)) lines.push(`X-Long: ${'a'.repeat(random.pick([8_000, 16_384, 20_000]))}`);
    if (random.chance(0.1)) lines.push(...Array.from({ length: 120 }, (_, i) => `x${i}: a`));
    inChunks(message, random, { trailer: lines.map((line) => `${line}\r\n`).join('') });
  },
  'chunk-size': (message, random) => {
    const hex = message.body.length.toString(16);
    const odd = [
      `0x${hex}`,
      `+${hex}`,
      `-${hex}`,
      `${hex} `,
      ` ${hex}`,
      `00000${hex}`,
      hex.toUpperCase(),
      `${hex}g`,
      '',
      'g',
    ];
    const huge = [
      'f'.repeat(15),
      'f'.repeat(16),
      'f'.repeat(20),
      '1'.padEnd(17, '0'),
      '7fffffff',
      'ffffffff',
      '100000000',
    ];
    inChunks(message, random, { sizes: [random.pick([...odd, ...odd, ...huge])] });
  },
  'chunk-broken': (message, random) => {
    inChunks(message, random);
    const text = message.encodedBody;
    message.encodedBody = random.pick([
      () => text.replace(/0\r\n\r\n$/, ''),
      () => text.replace(/\r\n$/, ''),
      () => text.replace('\r\n', '\n'),
      () => text.replace('\r\n', '\r'),
      () => text.replace('\r\n', '\r\r\n'),
      () => text.replace(/\r\n0\r\n/, '0\r\n'),
      () => text.replace(/\r\n0\r\n/, '\n0\r\n'),
      () => text.replace(/0\r\n\r\n$/, '0\n\n'),
      () => text.replace(/0\r\n\r\n$/, '0\r\n\n'),
      () => text.replace(/0\r\n\r\n$/, '00\r\n\r\n'),
      () => `\r\n${text}`,
      () => text.replace('\r\n', ''),
    ])();
  },
};

/** Writes the body in chunks (RFC 9112 §7.1), and says so. `sizes` replaces what the first chunks say about their sizes. */
function inChunks(message, random, { extension = '', trailer = '', sizes = [] } = {}) {
  const parts = [];
  const size = Math.max(1, Math.ceil(message.body.length / random.between(1, 3)));
  for (let start = 0; start < message.body.length; start += size) parts.push(message.body.slice(start, start + size));
  const chunks = parts.map((part, i) => `${sizes[i] ?? part.length.toString(16)}${extension}\r\n${part}\r\n`);
  message.encodedBody = `${chunks.join('')}0${random.chance(0.5) ? extension : ''}\r\n${trailer}\r\n`;
  message.remove('Content-Length');
  message.set('Transfer-Encoding', 'chunked');
}
