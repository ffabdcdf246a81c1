import { describe, expect, it } from 'vitest';
import { chart, template, withValues } from './support/helm.js';

const minimal = 'ci/minimal-values.yaml';
const trial = 'ci/trial-values.yaml';
const production = 'ci/production-values.yaml';
const corp = { id: 'corp', issuer: 'https://login.corp.example', keys: { discovery: 'auto' }, algorithms: ['RS256'] };

const owner = { idPrefix: 'shop-', issuers: ['https://login.shop.example'] };

/** What is wrong, on top of which scenario, the values, and how the message must name them. */
const mistakes: readonly (readonly [string, string, object, string | RegExp])[] = [
  ['a value that there is not', minimal, { replica: 3 }, /additional properties 'replica' not allowed/],
  ['one further down', minimal, { image: { repo: 'x' } }, /'\/image'.*'repo' not allowed/],
  ['a text for a number', minimal, { replicas: 'three' }, "'/replicas'"],
  ['no replica', minimal, { replicas: 0 }, "'/replicas'"],
  ['a word that is none of the words', minimal, { image: { pullPolicy: 'Sometimes' } }, "'/image/pullPolicy'"],
  ['a digest that is none', minimal, { image: { digest: 'sha256:abc' } }, "'/image/digest'"],
  ['a check of a Redis that is not there yet', trial, { check: { online: true } }, 'check.online:'],
  ['no image', minimal, { image: { repository: '' } }, 'image.repository:'],
  ['an unknown key of the configuration', minimal, { config: { isuers: [] } }, /'\/config'.*'isuers' not allowed/],
  [
    'one in an issuer',
    minimal,
    { config: { issuers: [{ ...corp, audience: 'x' }] } },
    /'\/config\/issuers\/0'.*'audience'/,
  ],
  ['an issuer without audiences', minimal, { config: { issuers: [corp] } }, /'\/config\/issuers\/0'.*'audiences'/],
  [
    'an algorithm that there is not',
    minimal,
    { config: { issuers: [{ ...corp, audiences: 'any', algorithms: ['HS256'] }] } },
    "'/config/issuers/0/algorithms/0'",
  ],
  [
    'a duration without a unit',
    minimal,
    { config: { server: { shutdownTimeout: 25 } } },
    "'/config/server/shutdownTimeout'",
  ],
  [
    'a port that there is not',
    minimal,
    { config: { server: { http: { port: 70000 } } } },
    "'/config/server/http/port'",
  ],
  [
    'no TLS anywhere',
    minimal,
    { config: { server: { tlsTerminatedUpstream: false } } },
    'tls.enabled, or config.server.tls',
  ],
  ['TLS twice', minimal, { tls: { enabled: true, secretName: 'x' } }, 'config.server.tlsTerminatedUpstream'],
  [
    'a certificate of two origins',
    production,
    { config: { server: { tls: { certFile: 'a', keyFile: 'b' } } } },
    'tls.enabled and config.server.tls',
  ],
  ['TLS without a certificate', production, { tls: { secretName: '' } }, 'tls.secretName:'],
  ['cert-manager without TLS', minimal, { tls: { certManager: { enabled: true } } }, 'tls.certManager.enabled:'],
  ['a certificate that nobody signs', production, { tls: { certManager: { enabled: true } } }, 'issuerRef.name:'],
  ['two stores', trial, { config: { redis: { url: 'redis://x', recordKeys: [] } } }, 'valkey.enabled and config.redis'],
  ['a store without a password', minimal, { valkey: { enabled: true } }, 'needs valkey-password in secrets.values'],
  ['more at least than at most', production, { autoscaling: { minReplicas: 20 } }, 'autoscaling.minReplicas:'],
  ['gRPC probes with TLS', production, { probes: { readiness: 'grpc' } }, 'probes.readiness:'],
  [
    'a route to gRPC that is off',
    'ci/without-grpc-values.yaml',
    { grpcRoute: { enabled: true, parentRefs: [{ name: 'x' }] } },
    'config.server.grpc.enabled: false, but grpcRoute.enabled',
  ],
  ['an Ingress without a host', minimal, { ingress: { enabled: true } }, 'ingress.hosts:'],
  ['a route that hangs nowhere', minimal, { httpRoute: { enabled: true } }, 'httpRoute.parentRefs:'],
  ['an account that is not there', minimal, { serviceAccount: { create: false } }, 'serviceAccount.name:'],
  ['a file name that is none', minimal, { secrets: { values: { 'a/b': 'x' } } }, /'\/secrets\/values'.*'a\/b'/],
  [
    'a label of ours',
    minimal,
    { commonLabels: { 'app.kubernetes.io/name': 'x' } },
    'commonLabels: app.kubernetes.io/name',
  ],
  ['a label of ours on pods', minimal, { podLabels: { 'helm.sh/chart': 'x' } }, 'podLabels: helm.sh/chart'],
  [
    'a label of ours on a monitor',
    minimal,
    { monitoring: { serviceMonitor: { labels: { 'assay/listener': 'x' } } } },
    'monitoring.serviceMonitor.labels: assay/listener',
  ],
  [
    'an annotation of ours',
    minimal,
    { podAnnotations: { 'checksum/restart-settings': 'x' } },
    'podAnnotations: checksum',
  ],
  ['a volume of ours', minimal, { extraVolumes: [{ name: 'config' }] }, 'extraVolumes: config'],
  [
    'a place of ours',
    minimal,
    { extraVolumeMounts: [{ name: 'x', mountPath: '/run/secrets/assay/' }] },
    'extraVolumeMounts: at /run/secrets/assay/',
  ],
  ['a label that is too long', minimal, { commonLabels: { team: 'x'.repeat(64) } }, "'/commonLabels/team'"],
  ['a label with a space', minimal, { podLabels: { team: 'a b' } }, "'/podLabels/team'"],
  ['a name of a label that is none', minimal, { commonLabels: { 'a b': 'x' } }, "'/commonLabels'"],
  ['a name with capitals', minimal, { fullnameOverride: 'Tokens' }, "'/fullnameOverride'"],
  ['a name with an underscore', minimal, { nameOverride: 'my_tokens' }, "'/nameOverride'"],
  ['a Secret that cannot be', minimal, { secrets: { existing: ['My_Secret'] } }, "'/secrets/existing/0'"],
  ['a Secret twice', minimal, { secrets: { existing: ['a', 'a'] } }, "'/secrets/existing'"],
  ['a file name that climbs', minimal, { secrets: { values: { '..': 'x' } } }, "'/secrets/values'"],
  ['a host that is a URL', minimal, { ingress: { hosts: ['https://x.example'] } }, "'/ingress/hosts/0'"],
  ['a tag that is none', minimal, { image: { tag: 'v1 final' } }, "'/image/tag'"],
  ['a budget that is no number', minimal, { podDisruptionBudget: { maxUnavailable: 'one' } }, "'/podDisruptionBudget"],
  ['two listeners at one port', minimal, { service: { ports: { grpc: 8080 } } }, 'service.ports: http and grpc'],
  ['a Gateway told of TLS that is not', minimal, { backendTLS: { enabled: true } }, 'backendTLS.enabled:'],
  ['an include of nothing', minimal, { includes: { shop: { owner } } }, 'includes.shop: either configMap or secret'],
  [
    'an include of two places',
    minimal,
    { includes: { shop: { configMap: 'a', secret: 'b', owner } } },
    'includes.shop: either configMap or secret',
  ],
  ['an include with no word of its rights', minimal, { includes: { shop: { configMap: 'a' } } }, "'/includes/shop'"],
  [
    'an include that says itself where its files are',
    minimal,
    { includes: { shop: { configMap: 'a', owner: { ...owner, files: '/etc/assay/*.yaml' } } } },
    /'\/includes\/shop.*'files' not allowed/,
  ],
  ['an include whose name cannot be that of a volume', minimal, { includes: { 'Shop/..': null } }, "'/includes'"],
  [
    'includes that take the rights of other files away',
    minimal,
    { includes: { shop: { configMap: 'a', owner } }, config: { include: '/etc/teams/*.yaml' } },
    'includes.shop and config.include without config.owners',
  ],
  ['a volume of an include', minimal, { extraVolumes: [{ name: 'include-shop' }] }, 'extraVolumes: include-shop'],
  ['a drain without end', minimal, { drainSeconds: 3600 }, "'/drainSeconds'"],
];

describe('wrong values are refused, with a message that names them', () => {
  it.each(mistakes)('%s', (_name, scenario, values, message) => {
    const { status, stderr } = template(scenario, values);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(message);
  });

  it('a name of the release that no Service can have', () => {
    const { status, stderr } = withValues(['template', '1st.assay', chart, '--namespace', 'tokens'], [minimal]);
    expect(status).not.toBe(0);
    expect(stderr).toContain('fullnameOverride: 1st.assay cannot be the name of a Service');
  });

  it('no values at all: says what the configuration lacks', () => {
    const { status, stderr } = template();
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/'\/config': missing properties 'issuers', 'callers'/);
  });
});
