import { withIssuer, withSecondIssuer, type Mistake } from './mistake.js';

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
    expected: /^one of allowPrivate/,
  },
];
