// The requests that are in order, one function for each endpoint: what mutations start from.
import { basic, Message } from './message.mjs';

export const formType = 'application/x-www-form-urlencoded';

export const methods = [
  ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'QUERY', 'PROPFIND', 'PROPPATCH'],
  ...['MKCOL', 'COPY', 'MOVE', 'LOCK', 'UNLOCK', 'SEARCH', 'BIND', 'REBIND', 'UNBIND', 'ACL', 'REPORT', 'MKACTIVITY'],
  ...['CHECKOUT', 'MERGE', 'M-SEARCH', 'NOTIFY', 'SUBSCRIBE', 'UNSUBSCRIBE', 'PURGE', 'MKCALENDAR', 'LINK', 'UNLINK'],
  ...['SOURCE', 'PRI', 'DESCRIBE', 'ANNOUNCE', 'SETUP', 'PLAY', 'PAUSE', 'TEARDOWN', 'RECORD', 'FLUSH'],
];

export const paths = [
  ...['/introspect', '/authorize', '/.well-known/oauth-authorization-server'],
  ...['/', '/metrics', '/livez', '/readyz', '/admin/issuers', '/favicon.ico', '/.well-known/', '/introspect/more'],
];

const host = ['Host', 'assay.example.com'];

/** Any token. */
export function anyToken(random, { tokens }) {
  return random.weighted([
    [6, random.pick(tokens.good)],
    [3, random.pick(tokens.bad)],
    [1, tokens.bound],
    [1, tokens.forged],
    [0.5, tokens.unknowable],
  ]);
}

/** `Authorization` of a caller with a right secret. */
export function goodCredentials(random, { callers, secret }) {
  return basic(random.pick(callers), secret);
}

/** `Authorization` that proves nobody. An id that is not registered is another one each time: its failures never add up. */
export function wrongCredentials(random, { callers, secret, tokens }) {
  return random.pick([
    basic(random.pick(callers), 'a-wrong-secret'),
    basic(`nobody-${random.word(12)}`, secret),
    basic('deaf', secret),
    `Basic ${random.word(16)}`,
    'Basic',
    `Bearer ${random.pick(tokens.good)}`,
    `Bearer ${random.word(20)}`,
    `Digest username="${random.pick(callers)}"`,
  ]);
}

/** @returns {Message} `POST /introspect` */
export function introspection(random, world, authorization, more = '') {
  const hint = random.chance(0.1) ? '&token_type_hint=access_token' : '';
  return new Message({
    method: 'POST',
    target: '/introspect',
    headers: [
      host,
      ...(authorization === undefined ? [] : [['Authorization', authorization]]),
      ['Content-Type', formType],
      ['Content-Length', undefined],
    ],
    body: `token=${anyToken(random, world)}${hint}${more}`,
  });
}

function introspectionByForm(random, world) {
  const secret = encodeURIComponent(random.chance(0.8) ? world.secret : 'a-wrong-secret');
  return introspection(random, world, undefined, `&client_id=${random.pick(world.callers)}&client_secret=${secret}`);
}

function authorization(random, world, token) {
  const scope = random.chance(0.3) ? random.pick(['&scope=read', '&scope=read+write', '&scope=admin', '&scope=']) : '';
  const caller = random.weighted([
    [8, '?caller=edge'],
    [1, `?caller=${random.pick(world.callers)}`],
    [1, random.pick(['', '?', '?caller=nobody', '?caller=', '?caller=edge&caller=edge', '?other=1', '?caller=ed%67e'])],
  ]);
  return new Message({
    method: random.chance(0.6) ? 'GET' : random.pick(methods),
    target: `/authorize${caller}${caller === '' ? '' : scope}`,
    headers: [host, ...(token === undefined ? [] : [['Authorization', `Bearer ${token}`]])],
  });
}

function metadata() {
  return new Message({ method: 'GET', target: '/.well-known/oauth-authorization-server', headers: [host] });
}

/** Any method at any path, with a body or without. */
function anything(random, world) {
  const message = new Message({ method: random.pick(methods), target: random.pick(paths), headers: [host] });
  if (random.chance(0.5)) message.add('Authorization', goodCredentials(random, world));
  if (random.chance(0.3)) message.add('Content-Type', random.pick([formType, 'application/json']));
  if (random.chance(0.3)) {
    message.add('Content-Length', undefined);
    message.body = random.pick(['', 'token=a', '{}', `token=${anyToken(random, world)}`]);
  }
  return message;
}

/** Name to maker. The name is that of the endpoint and says, behind a dash, what is special. */
export const requests = {
  introspect: (random, world) => introspection(random, world, goodCredentials(random, world)),
  'introspect-form': introspectionByForm,
  'introspect-bearer': (random, world) => introspection(random, world, `Bearer ${world.tokens.caller}`),
  'introspect-wrong': (random, world) => introspection(random, world, wrongCredentials(random, world)),
  'introspect-anonymous': (random, world) => introspection(random, world, undefined),
  authorize: (random, world) => authorization(random, world, anyToken(random, world)),
  'authorize-anonymous': (random, world) => authorization(random, world, undefined),
  metadata,
  anything,
};

/** How often each of them is asked for. */
export const requestWeights = [
  [40, 'introspect'],
  [5, 'introspect-form'],
  [3, 'introspect-bearer'],
  [7, 'introspect-wrong'],
  [3, 'introspect-anonymous'],
  [18, 'authorize'],
  [3, 'authorize-anonymous'],
  [7, 'metadata'],
  [14, 'anything'],
];
