import { bending, changing, type AlertCase } from './alert-case.js';
import { bornAt } from './healthy-series.js';

const hydra = { issuer: 'hydra' };

/** Questions to the issuer that end so at both replicas, so many a minute from that minute on. */
const ending = (result: string, fromMinute: number, perMinute: number) => ({
  name: 'assay_upstream_introspections_total',
  labels: { ...hydra, result },
  values: bornAt(fromMinute, perMinute),
});

/** What goes wrong with tokens that only their issuer can read, and with proofs. */
export const opaqueAlertCases: readonly AlertCase[] = [
  {
    happens: 'an issuer does not answer any more, and its tokens go on to come',
    alert: 'AssayUpstreamGivenUp',
    severity: 'page',
    about: hydra,
    series: [
      { name: 'assay_upstream_breaker_open', labels: hydra, values: changing(5, 0, 1) },
      ending('breaker_open', 5, 5),
    ],
    quietUntil: 6,
    firesAt: 9,
    summary: 'hydra does not say which of its opaque tokens are good.',
    description:
      '2 replica(s) have given it up for now and answer 503 for its opaque tokens. JWTs are judged as before.',
  },
  {
    happens: 'an issuer does not take us for its client',
    alert: 'AssayUpstreamCredentialsRefused',
    severity: 'page',
    about: hydra,
    series: [{ ...ending('credentials_refused', 5, 0), at: 'b' }],
    quietUntil: 4,
    firesAt: 6,
    summary: 'hydra does not let Assay ask about its opaque tokens.',
    description:
      'About 1 question(s) in 15 minutes were answered 401 or 403, and the callers got 503. Nothing but other credentials ends it.',
  },
  {
    happens: 'a quarter of the questions to an issuer take too long',
    alert: 'AssayUpstreamFailing',
    severity: 'warn',
    about: hydra,
    series: [
      {
        name: 'assay_upstream_introspections_total',
        labels: { ...hydra, result: 'timeout' },
        values: bending(5, 1, 30),
      },
    ],
    quietUntil: 9,
    firesAt: 20,
    summary: 'Many questions to hydra about opaque tokens get no answer.',
    description: '25% in 10 minutes; the callers got 503.',
  },
  {
    happens: 'an issuer answers as another one',
    alert: 'AssayUpstreamForeign',
    severity: 'warn',
    about: hydra,
    series: [{ ...ending('foreign', 5, 0), at: 'b' }],
    quietUntil: 4,
    firesAt: 6,
    summary: 'Asked about an opaque token, hydra answered as another issuer.',
    description: 'About 1 time(s) in 15 minutes. Such tokens are refused.',
  },
  {
    happens: 'a caller presents tokens that somebody makes up',
    alert: 'AssayUpstreamBudgetSpent',
    severity: 'warn',
    about: { caller: 'orders' },
    series: [{ name: 'assay_upstream_limited_total', labels: { caller: 'orders' }, at: 'b', values: bornAt(5, 120) }],
    quietUntil: 9,
    firesAt: 14,
    summary: 'orders has more opaque tokens asked about than it may.',
    description: '2.0 request(s) a second are answered 429. Other callers do not notice.',
  },
  {
    happens: 'the memory of tokens that are not good is flooded',
    alert: 'AssayUpstreamMemoryFull',
    severity: 'warn',
    about: { answer: 'inactive' },
    series: [
      {
        name: 'assay_upstream_answers_displaced_total',
        labels: { answer: 'inactive' },
        at: 'b',
        values: bornAt(5, 600),
      },
    ],
    quietUntil: 14,
    firesAt: 28,
    summary: 'There is no room for answers about opaque tokens that are inactive.',
    description: '10 a second are forgotten before their time, and asked about again.',
  },
  {
    happens: 'a client sends its private key with its proofs',
    alert: 'AssayProofKeyLeaked',
    severity: 'page',
    about: { issuer: 'corp' },
    series: [
      {
        name: 'assay_rejections_total',
        labels: { issuer: 'corp', reason: 'proof_private_key' },
        at: 'b',
        values: bornAt(5, 0),
      },
    ],
    quietUntil: 4,
    firesAt: 6,
    summary: 'A client sends its private key with its DPoP proofs, for tokens of corp.',
    description:
      'About 1 time(s) in 15 minutes. The proofs are refused, but whoever was on the way can make proofs with that key.',
  },
];
