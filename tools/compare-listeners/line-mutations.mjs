// Mutations of the request line (RFC 9112 §3).
import { utf8 } from './message.mjs';
import { methods, paths } from './requests.mjs';

const versions = [
  ...[
    'HTTP/1.0',
    'HTTP/1.0',
    'HTTP/1.0',
    'HTTP/0.9',
    'HTTP/1.2',
    'HTTP/2.0',
    'HTTP/2',
    'HTTP/3.0',
    'HTTP/1.10',
    'HTTP/01.1',
  ],
  ...[
    'http/1.1',
    'HTTP/1,1',
    'HTTPS/1.1',
    'RTSP/1.0',
    'ICE/1.0',
    'HTTP/1.',
    'HTTP/.1',
    'HTTP/11',
    'HTTP',
    '',
    'HTTP/1.1 ',
    'HTTP/ 1.1',
  ],
];

const oddMethods = [
  ...[
    'post',
    'Post',
    'POSt',
    'INTROSPECT',
    'P\tST',
    '',
    ' ',
    'POST\0',
    '\rPOST',
    'GE',
    'GETT',
    'M-',
    'A'.repeat(100),
    '\xff',
    'POST,',
  ],
];

const secretNames = [
  ...[
    'token',
    'access_token',
    'client_secret',
    'client_assertion',
    'TOKEN',
    '%74oken',
    ' token',
    'token ',
    '+token',
    'token%00',
  ],
  ...[
    'a=b&token',
    'token[]',
    'tok%65n',
    'id_token',
    'toke',
    'a&&token',
    ';token',
    '?token',
    'token;x',
    'Access_Token',
    '%',
    '#token',
  ],
];

/** Other spellings of a path. */
const respell = [
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => `/.${path}`,
  (path) => `/x/..${path}`,
  (path) => `/%2e${path}`,
  (path) => `/x/%2e%2e${path}`,
  (path) => path.toUpperCase(),
  (path) => path.replace(/\/([a-z])/, (_, first) => `/${first.toUpperCase()}`),
  (path) => path.replace('/', '%2F'),
  (path) => path.replace('/', '/%2F'),
  (path) => path.replace('/', '\\'),
  (path) => path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  (path) => path.replace(/[a-z]/, (letter) => `%25${letter.charCodeAt(0).toString(16)}`),
  (path) => `${path};x`,
  (path) => `${path}%00`,
  (path) => `${path}%`,
  (path) => `${path}%zz`,
  (path) => `${path}%ff`,
  (path) => `${path}%20`,
  (path) => `${path}.`,
  (path) => `${path}#x`,
  (path) => `${path}#?token=a`,
  (path) => `${path}?`,
  (path) => `${path}\t`,
  (path) => `${path} x`,
  (path) => `${path}\0`,
  (path) => `${path}\x7f`,
  (path) => utf8(`${path}é`),
  (path) => `${path}\xff`,
  (path) => path.slice(1),
  () => '',
  () => '*',
  () => 'x',
  () => '?',
  () => '#',
  () => '/%',
  () => '/*',
  () => '/:x',
];

const authorities = [
  'assay.example.com',
  'other.example:80',
  'user:pass@a.example',
  '[::1]:8080',
  '',
  ' ',
  'a_b',
  '127.0.0.1:1',
];

/** Mutations of the request line. */
export const lineMutations = {
  method: (message, random) => {
    message.method = random.chance(0.75) ? random.pick(methods) : random.pick(oddMethods);
  },
  version: (message, random) => {
    message.version = random.pick(versions);
    if (message.version === 'HTTP/1.0' && random.chance(0.5)) message.set('Connection', 'keep-alive');
  },
  path: (message, random) => {
    message.target = random.pick(respell)(message.target);
  },
  'other-path': (message, random) => {
    message.target = random.pick(paths);
  },
  query: (message, random) => {
    const value = random.pick(['=a', '=', '', '=a=b', '=%', '=%ff']);
    message.target += `${message.target.includes('?') ? '&' : '?'}${random.pick(secretNames)}${value}`;
  },
  terms: (message, random) => {
    const odd = [
      'caller=%65dge',
      'caller=edge&x=1',
      'caller=edge&scope=%ff',
      'caller=edge&scope=a%20b',
      'caller=edge&scope=%',
      '&caller=edge&',
    ];
    message.target = `/authorize?${random.pick([...odd, 'caller=edge?', 'caller=edge#x', 'caller=edge&caller=x', 'scope=read', 'caller=+edge'])}`;
  },
  absolute: (message, random) => {
    const scheme = random.pick(['http:', 'http:', 'https:', 'HTTP:', 'ftp:', 'x:', ':']);
    message.target = `${scheme}${random.pick(['//', '//', '//', '/', ''])}${random.pick(authorities)}${message.target}`;
  },
  authority: (message, random) => {
    if (random.chance(0.5)) message.method = 'CONNECT';
    message.target = random.pick([...authorities, 'a.example:443', 'a.example:x', 'a.example:', ':443']);
  },
  'long-target': (message, random) => {
    const length = random.weighted([
      [5, 4_096 + random.between(-3, 3)],
      [2, random.between(4_100, 16_000)],
      [2, random.pick([16_384, 20_000, 65_536, 100_000])],
    ]);
    const separator = random.pick(['?', '/', '&', '?x=', '?caller=edge&x=']);
    message.target += separator.padEnd(Math.max(1, length - message.target.length), 'a');
  },
  'request-line': (message, random) => {
    const { method, target, version } = message;
    message.requestLine = random.pick([
      ...[
        `${method}  ${target} ${version}`,
        `${method} ${target}  ${version}`,
        `${method}\t${target}\t${version}`,
        ` ${method} ${target} ${version}`,
      ],
      ...[
        `${method} ${target} ${version} `,
        `${method} ${target}`,
        `${method}`,
        '',
        `${method} ${version}`,
        `${method} ${target} ${version} x`,
      ],
      ...[
        `${method} ${target}\r${version}`,
        `${method} ${target}\n${version}`,
        `${target} ${method} ${version}`,
        `${method} ${target} ${version}\r`,
      ],
      ...[
        '\x16\x03\x01\x02\0\x01\0',
        'PRI * HTTP/2.0',
        `HTTP/1.1 200 OK`,
        `${method} ${target} ${version}\0`,
        `\0${method} ${target} ${version}`,
      ],
    ]);
  },
};
