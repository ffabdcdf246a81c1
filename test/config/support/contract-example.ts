/** Every key that is promised, those of features to come included. */
export const contractExample = `
server:
  identifier: https://assay.example.com
  http:       { host: 0.0.0.0, port: 8080 }
  grpc:       { host: 0.0.0.0, port: 9090, enabled: true, reflection: false }
  management: { host: 0.0.0.0, port: 8081 }
  tls:        { certFile: tls.crt, keyFile: tls.key, clientCaFile: ca.crt }
  trustedProxies: []
  shutdownTimeout: 25s

redis:
  url: rediss://user:\${env:ORDERS_SECRET}@redis:6379/0
  readUrl: redis://replica:6379/0
  region: eu-west-1
  recordKeys:
    - { id: k1, secret: "\${env:ORDERS_SECRET}" }

issuers:
  - id: corp
    issuer: https://login.corp.example
    keys: { discovery: auto }
    algorithms: [RS256, ES256]
    audiences: [https://api.corp.example]
    tokenTypes: [at+jwt, JWT, none]
    clockTolerance: 30s
    maxLifetime: 24h
    requiredClaims: [sub]
    rules:
      - { claim: tenant, oneOf: [acme, globex] }
      - { claim: scope, contains: "orders:read" }
      - { claim: roles, containsAny: [admin, ops] }
      - { claim: email_verified, equals: true }
      - { claim: sub, startsWith: "svc-" }
      - { claim: /realm_access/roles, containsAny: [admin] }
      - { claim: [kubernetes.io, namespace], equals: shop }
      - { claim: "urn:zitadel:iam:org:project:roles", containsKey: admin }
      - { claim: azp, oneOf: [https://app.example], optional: true }
    clientIdClaims: [client_id, azp, cid]
    scopeClaims: [scp, roles, /realm_access/roles]
    tokenIdClaim: uti
    sessionClaim: origin_jti
    subjectClaim: oid
    freshness: { refresh: 5m, hardTtl: 4h, missCooldown: 30s, removal: confirm }
    network: { allowPrivate: false, caFile: null, bearerTokenFile: null }
    criticality: normal

callers:
  - id: orders-api
    secrets: ["\${env:ORDERS_SECRET}"]
    issuers: [corp]
    audiences: [https://api.corp.example]
    require: [{ claim: client_id, oneOf: [app-orders] }]
    claims: [sub, scope, tenant, /realm_access/roles]
    rateLimit: { perSecond: 1000, burst: 2000 }
    proxy: false

admin:
  tokens: [{ id: ops, secret: "\${env:ORDERS_SECRET}", role: operator }]
telemetry:
  tracing: { endpoint: http://collector:4318, sampleRatio: 0.01 }
  logs:    { level: info }
  audit:   { enabled: true }
`;
