import { createHmac } from 'node:crypto';
import type { TestKey } from '../builders/a-key.js';
import { refused, show, type Vector } from './vector.js';

/** Every spelling of a public key that a verifier may have at hand as bytes. */
function spellings({ publicKey, jwk }: TestKey, certificate?: Buffer): readonly (string | Buffer)[] {
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const pkcs1 =
    publicKey.asymmetricKeyType === 'rsa' ? [publicKey.export({ type: 'pkcs1', format: 'pem' }) as string] : [];
  const der = certificate ? [certificate, certificate.toString('base64'), asPem(certificate)] : [];
  const numbers = [jwk['n'], jwk['x']].filter((member) => typeof member === 'string');
  return [
    ...[pem, pem.trimEnd(), pem.replaceAll('\n', '\r\n'), ` ${pem}`, ...pkcs1, ...der],
    ...[publicKey.export({ type: 'spki', format: 'der' }), JSON.stringify(jwk), JSON.stringify(jwk, undefined, 2)],
    ...[JSON.stringify({ keys: [jwk] }), ...numbers, ...numbers.map((member) => Buffer.from(member, 'base64url'))],
  ];
}

function asPem(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

/** HMAC confusion: as many tokens as there are spellings; the case takes the one at `index`. */
function confusion(id: string, keyName: 'rs' | 'es' | 'ed', count: number): readonly Vector[] {
  return Array.from({ length: count }, (_, index) =>
    ['HS256', 'HS384', 'HS512'].map((alg) =>
      refused(
        id,
        `${alg} with the public ${keyName} key as secret, spelling ${index}`,
        'algorithm_unsupported',
        (context) => {
          const key = context.world.keys[keyName];
          const certificate = keyName === 'rs' ? context.world.attacker.copiedCertificate : undefined;
          const secret = spellings(key, certificate)[index]!;
          const mac = (input: string) =>
            createHmac(`sha${alg.slice(2)}`, secret)
              .update(input)
              .digest();
          return context.good.header({ alg, kid: key.kid }).signature(mac).build();
        },
      ),
    ),
  ).flat();
}

const weakSecrets = ['', '\0', 'null', '\0'.repeat(32)];
const guessableSecrets = [
  'secret',
  'password',
  '123456',
  'changeme',
  'your-256-bit-secret',
  'admin',
  'jwt',
  'key',
  'test',
];
const withSecret = (id: string) => (secret: string) =>
  refused(id, `HS256 with the secret ${show(secret)}`, 'algorithm_unsupported', ({ good }) =>
    good
      .header({ alg: 'HS256' })
      .signature((input) => createHmac('sha256', secret).update(input).digest())
      .build(),
  );

/** Table 2.A, rows: a MAC where a signature belongs. */
export const hmacConfusion: readonly Vector[] = [
  ...confusion('A-03', 'rs', 14),
  ...confusion('A-04', 'es', 10),
  ...confusion('A-04', 'ed', 10),
  ...weakSecrets.map(withSecret('A-05')),
  ...guessableSecrets.map(withSecret('A-06')),
];
