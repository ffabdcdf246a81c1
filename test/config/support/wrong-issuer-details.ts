import { withIssuer, withSecondIssuer, type Mistake } from './mistake.js';

const trustDomain = { trustDomain: 'prod.corp.example', bundle: { url: 'https://spire.corp.example/bundle' } };

/** Keys, rules and registration of issuers. */
export const wrongIssuerDetails: readonly Mistake[] = [
  {
    name: 'two places for keys',
    make: withIssuer({ keys: { discovery: 'auto', jwksUri: 'https://x' } }),
    path: 'issuers[0].keys',
    found: 'discovery and jwksUri',
    expected: /^exactly one of/,
    needsLoader: true,
  },
  {
    name: 'no place for keys',
    make: withIssuer({ keys: {} }),
    path: 'issuers[0].keys',
    found: 'no place',
    expected: /^exactly one of/,
    needsLoader: true,
  },
  {
    name: 'discoveryUrl without discovery',
    make: withIssuer({ keys: { jwksUri: 'https://x', discoveryUrl: 'https://y' } }),
    path: 'issuers[0].keys.discoveryUrl',
    found: 'no discovery',
    expected: /beside discovery/,
    needsLoader: true,
  },
  {
    name: 'rule without comparison',
    make: withIssuer({ rules: [{ claim: 'sub' }] }),
    path: 'issuers[0].rules[0]',
    found: 'no comparison',
    expected: /^exactly one of equals/,
    needsLoader: true,
  },
  {
    name: 'rule with two comparisons',
    make: withIssuer({ rules: [{ claim: 'sub', equals: 1, startsWith: 'x' }] }),
    path: 'issuers[0].rules[0]',
    found: 'equals and startsWith',
    expected: /^exactly one of equals/,
    needsLoader: true,
  },
  {
    name: 'rule with a broken pointer',
    make: withIssuer({ rules: [{ claim: '/a/~2', equals: 1 }] }),
    path: 'issuers[0].rules[0].claim',
    found: '"/a/~2"',
    expected: /~ is written ~0/,
    needsLoader: true,
  },
  {
    name: 'rule for a claim without a name',
    make: withIssuer({ rules: [{ claim: [], equals: 1 }] }),
    path: 'issuers[0].rules[0].claim',
    found: 'an empty list',
    expected: /^a claim: its name, a JSON Pointer/,
  },
  {
    name: 'rule for a way with a number in it',
    make: withIssuer({ rules: [{ claim: ['roles', 0], equals: 1 }] }),
    path: 'issuers[0].rules[0].claim',
    found: 'a list',
    expected: /^a claim: its name, a JSON Pointer/,
  },
  {
    name: 'rule with a key that is no text',
    make: withIssuer({ rules: [{ claim: 'roles', containsKey: 7 }] }),
    path: 'issuers[0].rules[0].containsKey',
    found: '7',
    expected: 'a text',
  },
  {
    name: 'rule that is optional in words',
    make: withIssuer({ rules: [{ claim: 'azp', equals: 'a', optional: 'yes' }] }),
    path: 'issuers[0].rules[0].optional',
    found: '"yes"',
    expected: 'true or false',
  },
  {
    name: 'no claim for the client',
    make: withIssuer({ clientIdClaims: [] }),
    path: 'issuers[0].clientIdClaims',
    found: 'an empty list',
    expected: 'a list of at least 1 claim',
  },
  {
    name: 'no claim for scopes',
    make: withIssuer({ scopeClaims: [] }),
    path: 'issuers[0].scopeClaims',
    found: 'an empty list',
    expected: 'a list of at least 1 claim',
  },
  {
    name: 'one claim in two spellings',
    make: withIssuer({ scopeClaims: ['/a/b', ['a', 'b']] }),
    path: 'issuers[0].scopeClaims',
    found: 'a list',
    expected: /each once/,
    needsLoader: true,
  },
  {
    name: 'empty name on the way to a claim',
    make: withIssuer({ tokenIdClaim: '/a//b' }),
    path: 'issuers[0].tokenIdClaim',
    found: '"/a//b"',
    expected: /a name in each step/,
    needsLoader: true,
  },
  {
    name: 'rule that compares with a mapping',
    make: withIssuer({ rules: [{ claim: 'sub', equals: {} }] }),
    path: 'issuers[0].rules[0].equals',
    found: 'a mapping',
    expected: /a text, a number/,
  },
  {
    name: 'rule with an empty list',
    make: withIssuer({ rules: [{ claim: 'sub', oneOf: [] }] }),
    path: 'issuers[0].rules[0].oneOf',
    found: 'an empty list',
    expected: /at least one value/,
  },
  {
    name: 'RADM-04 one issuer twice',
    make: withSecondIssuer({ issuer: 'https://login.corp.example' }),
    path: 'issuers[1].issuer',
    found: 'the same as issuers[0].issuer',
    expected: /told apart by their keys alone/,
    needsLoader: true,
  },
  {
    name: 'more issuers of one name than a token may be tried with',
    make: (raw) => {
      for (let i = 0; i < 32; i++) {
        raw.issuers.push({ ...raw.issuers[0], id: `c${i}`, keys: { jwksUri: `https://c${i}.example/keys` } });
      }
    },
    path: 'issuers[32].issuer',
    found: 'the same as 32 others',
    expected: /at most 32/,
    needsLoader: true,
  },
  ...(
    [
      ['keys', { jwksUri: 'https://x.example/keys' }, 'keys beside spiffe', 'keys'],
      ['tokenTypes', ['JWT'], 'tokenTypes beside spiffe', 'tokenTypes'],
      ['freshness', { removal: 'confirm' }, 'confirm beside spiffe', 'freshness.removal'],
    ] as const
  ).map(([name, value, found, path]): Mistake => ({
    name: `${name} beside a trust domain`,
    make: withIssuer({ spiffe: trustDomain, [name]: value }),
    path: `issuers[0].${path}`,
    found,
    expected: /^only one of them|^immediate/,
    needsLoader: true,
  })),
  {
    name: 'one trust domain twice',
    make: (raw) => {
      withIssuer({ issuer: undefined, spiffe: trustDomain })(raw);
      withSecondIssuer({
        issuer: undefined,
        spiffe: { ...trustDomain, bundle: { url: 'https://other.corp.example/bundle' } },
      })(raw);
    },
    path: 'issuers[1].spiffe.trustDomain',
    found: 'the same as issuers[0].spiffe.trustDomain',
    expected: 'one entry for each trust domain',
    needsLoader: true,
  },
  {
    name: 'one id twice',
    make: withSecondIssuer({ id: 'corp' }),
    path: 'issuers[1].id',
    found: 'the same as issuers[0].id',
    expected: /no other issuer/,
    needsLoader: true,
  },
  {
    name: 'file that is not there',
    make: withIssuer({ keys: { jwksFile: 'absent.json' } }),
    path: 'issuers[0].keys.jwksFile',
    found: '"absent.json": there is no such file',
    expected: /a file that can be read/,
    needsLoader: true,
  },
  {
    name: 'L-02 a switch for certificates',
    make: withIssuer({ network: { insecureSkipVerify: true } }),
    path: 'issuers[0].network.insecureSkipVerify',
    found: 'an unknown key',
    expected: /^one of .*allowPrivate/,
  },
];
