/** Service account tokens of projected volumes, of any cluster and of those of three clouds. */
import type { PresetName } from '../../src/issuers/presets/preset.js';
import type { ProviderRow } from './support/provider-row.js';

const aud = 'https://orders.corp.example';
const sub = 'system:serviceaccount:orders:worker';
const kubernetesIo = {
  namespace: 'orders',
  node: { name: 'node-1', uid: '646e7c5e-32d6-4d42-9dbd-e504e6cbe6b1' },
  pod: { name: 'worker-1', uid: '5e0bd49b-f040-43b0-99b7-22765a53f7f3' },
  serviceaccount: { name: 'worker', uid: '14ee3fa4-a7e2-420f-9f9a-dbc4507c3798' },
};

const row = (preset: PresetName, iss: string): ProviderRow => ({
  preset,
  iss,
  registration: { audiences: [aud], rules: [{ claim: ['kubernetes.io', 'namespace'], equals: 'orders' }] },
  place: 'jwksUri',
  alg: 'RS256',
  published: {},
  headers: { 'cache-control': 'public, max-age=3600', 'content-type': 'application/jwk-set+json' },
  accepted: [
    {
      what: 'of a pod, for an hour',
      claims: { aud: [aud], sub, jti: 'ea28ed49', 'kubernetes.io': kubernetesIo },
      lives: 3_607,
      answer: { aud: [aud], sub, jti: 'ea28ed49' },
    },
  ],
  refused: [
    {
      what: 'of another namespace',
      claims: { 'kubernetes.io': { ...kubernetesIo, namespace: 'evil' } },
      code: 'rule_failed',
      hint: 'another namespace',
    },
    { what: 'for the API server', claims: { aud: [iss] }, code: 'audience_mismatch', hint: 'projected volume' },
    {
      what: 'the default token of a pod',
      claims: { aud: [iss] },
      lives: 31_536_000,
      code: 'lifetime_exceeded',
      hint: 'a year',
    },
    {
      what: 'of a Secret',
      whole: { iss: 'kubernetes/serviceaccount', iat: undefined, exp: undefined, sub },
      code: 'issuer_unknown',
      hint: 'a token of a Secret',
    },
  ],
});

/** The tokens are the same; whose they are differs. */
export const kubernetes: readonly ProviderRow[] = [
  row('kubernetes', 'https://kubernetes.default.svc.cluster.local'),
  row('eks', 'https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF'),
  row('gke', 'https://container.googleapis.com/v1/projects/corp/locations/europe-west1/clusters/main'),
  row(
    'aks',
    'https://westeurope.oic.prod-aks.azure.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/6e74172b-be56-4843-9ff4-e66a39bb12e3/',
  ),
];
