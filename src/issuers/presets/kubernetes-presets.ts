/** What is known of the service account tokens of Kubernetes, and of the clouds that run it. */
import type { Preset } from './preset.js';

/** What service account tokens have in common, whoever runs the cluster. */
const serviceAccount = {
  algorithms: ['RS256', 'ES256'],
  tokenTypes: ['none', 'JWT'],
  requiredClaims: ['sub'],
} as const;

const hints = [
  {
    code: 'issuer_unknown',
    iss: 'kubernetes/serviceaccount',
    text: 'a token of a Secret lives for ever and has an issuer that all clusters share: use a projected volume or kubectl create token',
  },
  {
    code: 'rule_failed',
    claim: '/kubernetes.io/namespace',
    text: 'a pod of another namespace than the rule names',
  },
  {
    code: 'lifetime_exceeded',
    text: 'the default token of a pod has a lifetime of a year: project one with an audience and expirationSeconds',
  },
  {
    code: 'audience_mismatch',
    text: 'a pod gets a token for another audience by a projected volume: serviceAccountToken.audience',
  },
] as const;

const ask = {
  setting: 'audiences',
  expected:
    'the audience that pods ask for in a projected volume; not that of the API server, whose tokens would be good there, too',
  example: ['https://orders.corp.example'],
} as const;

const kubernetesSources = [
  'https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/',
  'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
];

/** Service accounts of Kubernetes: of any cluster, and of those clouds that publish their keys for everybody. */
export const kubernetesPresets: readonly Preset[] = [
  {
    name: 'kubernetes',
    title: 'Kubernetes service accounts',
    issuer: {
      expected: 'what the API server was started with',
      example: 'https://kubernetes.default.svc.cluster.local',
    },
    defaults: serviceAccount,
    asks: [ask],
    hints,
    sources: kubernetesSources,
  },
  {
    name: 'eks',
    title: 'Amazon EKS, service accounts',
    issuer: {
      isTelling: true,
      pattern: /^https:\/\/oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/id\/[0-9A-F]{32}$/,
      expected: 'the OpenID Connect provider URL of the cluster',
      example: 'https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF',
    },
    defaults: { ...serviceAccount, algorithms: ['RS256'] },
    asks: [ask],
    hints,
    sources: [
      'https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html',
      ...kubernetesSources,
    ],
  },
  {
    name: 'gke',
    title: 'Google Kubernetes Engine, service accounts',
    issuer: {
      isTelling: true,
      pattern: /^https:\/\/container\.googleapis\.com\/v1\/projects\/[^/]+\/locations\/[^/]+\/clusters\/[^/]+$/,
      expected: 'the self link of the cluster',
      example: 'https://container.googleapis.com/v1/projects/corp/locations/europe-west1/clusters/main',
    },
    defaults: { ...serviceAccount, algorithms: ['RS256'] },
    asks: [ask],
    hints,
    sources: ['https://docs.cloud.google.com/kubernetes-engine/docs/how-to/workload-identity', ...kubernetesSources],
  },
  {
    name: 'aks',
    title: 'Azure Kubernetes Service, service accounts',
    issuer: {
      isTelling: true,
      pattern: /^https:\/\/[a-z0-9-]+\.oic\.[a-z0-9.-]+\/[0-9a-f-]{36}\/[0-9a-f-]{36}\/$/,
      expected: 'the OIDC issuer URL of the cluster and its slash',
      example:
        'https://westeurope.oic.prod-aks.azure.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/6e74172b-be56-4843-9ff4-e66a39bb12e3/',
    },
    defaults: { ...serviceAccount, algorithms: ['RS256'] },
    asks: [ask],
    hints,
    sources: ['https://learn.microsoft.com/en-us/azure/aks/use-oidc-issuer', ...kubernetesSources],
  },
];
