// What both services know: an issuer with its key, callers, and tokens. Made of the seed alone, so that both are asked the same.
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { Random } from './random.mjs';

/** Callers with a secret. Failures of one client id are forgiven at one a second: spread, they never add up to a refusal. */
const CALLERS = 1_000;

/** What precedes the 32 octets of an Ed25519 key in PKCS #8 (RFC 8410 §7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

const identifier = 'https://assay.example.com';
const issuer = 'https://issuer.example';
const awayIssuer = 'https://away.example';
const audience = 'https://api.example';
const month = 30 * 86_400;

/**
 * @param {number} seed
 * @param {number} nowMs wall time; tokens are the same for all moments of one month
 */
export function createWorld(seed, nowMs) {
  const random = new Random(seed, 0x770);
  const key = createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, Buffer.from(random.octets(32), 'latin1')]),
    format: 'der',
    type: 'pkcs8',
  });
  const issuedAt = Math.floor(nowMs / 1000 / month) * month;
  return {
    secret: `literal-secret+${random.word(24)}`,
    callers: Array.from({ length: CALLERS }, (_, i) => `caller-${i}`),
    jwks: { keys: [{ ...createPublicKey(key).export({ format: 'jwk' }), kid: 'k1', alg: 'EdDSA', use: 'sig' }] },
    tokens: tokensOf(key, { iss: issuer, aud: audience, sub: 'subject', iat: issuedAt, exp: issuedAt + 10 * month }),
  };
}

/** @typedef {ReturnType<typeof createWorld>} World */

function tokensOf(key, claims) {
  const header = { alg: 'EdDSA', typ: 'at+jwt', kid: 'k1' };
  const token = (change, headerChange) => jwt(key, { ...header, ...headerChange }, { ...claims, ...change });
  const plain = token({ client_id: 'client' });
  return {
    good: [
      plain,
      token({ scope: 'read write', client_id: 'client' }),
      token({ sub: 'sübject 100%', scope: 'read', roles: ['a', 'b'] }),
      token({ padding: 'p'.repeat(3_000) }),
    ],
    bound: token({ cnf: { jkt: 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0' } }),
    /** Authenticates the caller `workload`. */
    caller: token({ sub: 'workload', aud: identifier }),
    /** Its signature is wrong: to find that out takes a service longer than anything else. */
    forged: `${plain.slice(0, -20)}${'A'.repeat(18)}${plain.slice(-2)}`,
    /** Nobody can know: the keys of its issuer are not to be had. */
    unknowable: token({ iss: awayIssuer }),
    bad: [
      token({ exp: claims.iat - month }),
      token({ aud: 'https://other.example' }),
      token({ iss: 'https://unknown.example' }),
      token({}, { kid: 'k2' }),
      token({}, { alg: 'none' }),
      plain.split('.').slice(0, 2).join('.'),
      'opaque',
      'a.b.c',
      '%F0%9F%92%A9',
    ],
  };
}

function jwt(key, header, claims) {
  const input = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`;
}

/**
 * The configuration of both services. `SECRET` comes from the environment.
 * @param {World} world
 * @param {{ http: number, management: number }} ports
 */
export function configurationOf(world, ports) {
  const rights = { issuers: 'any', audiences: 'any', claims: 'any' };
  const common = { algorithms: ['EdDSA'], audiences: 'any', maxLifetime: '366d' };
  return {
    server: {
      identifier,
      http: { host: '127.0.0.1', port: ports.http },
      grpc: { enabled: false },
      management: { host: '127.0.0.1', port: ports.management },
      // The other half of the loopback network is not trusted: see `addressOf` in connection.mjs.
      trustedProxies: ['127.0.0.0/9'],
      limits: { eventLoopDelay: '10s' },
    },
    issuers: [
      { id: 'main', issuer, keys: { jwks: world.jwks }, ...common },
      {
        id: 'away',
        issuer: awayIssuer,
        keys: { jwksUri: 'http://127.0.0.1:1/jwks' },
        network: { allowPrivate: true },
        ...common,
      },
    ],
    callers: [
      ...world.callers.map((id) => ({ id, secrets: ['${env:SECRET}'], ...rights })),
      { id: 'workload', token: { issuer: 'main', subject: 'workload', audience: identifier }, ...rights },
      { id: 'deaf', secrets: ['${env:SECRET}'], ...rights, issuers: [] },
      {
        id: 'edge',
        proxy: true,
        ...rights,
        resourceMetadata: 'https://api.example/.well-known/oauth-protected-resource',
      },
    ],
    telemetry: { logs: { level: 'error' }, audit: { enabled: false } },
  };
}
