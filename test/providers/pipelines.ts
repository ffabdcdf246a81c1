/** Tokens of builds: GitHub Actions and GitLab CI/CD. */
import type { ProviderRow } from './support/provider-row.js';

const github = 'https://token.actions.githubusercontent.com';
const gitlab = 'https://gitlab.com';
const aud = 'https://deploy.corp.example';

const workflow = {
  jti: 'example-id',
  aud,
  ref: 'refs/heads/main',
  repository: 'corp/orders',
  repository_id: '1296269',
  repository_owner: 'corp',
  repository_owner_id: '9919',
  job_workflow_ref: 'corp/orders/.github/workflows/deploy.yml@refs/heads/main',
};
const sub = 'repo:corp@9919/orders@1296269:ref:refs/heads/main';
const job = {
  jti: '2c1d',
  aud,
  sub: 'project_path:corp/orders:ref_type:branch:ref:main',
  namespace_id: '72',
  namespace_path: 'corp',
  project_id: '20',
  project_path: 'corp/orders',
  user_login: 'abeli',
  pipeline_id: '574',
  ref: 'main',
  ref_protected: 'true',
};

/** Everybody on these platforms gets tokens of one issuer. */
export const pipelines: readonly ProviderRow[] = [
  {
    preset: 'github-actions',
    iss: github,
    registration: { audiences: [aud], rules: [{ claim: 'repository_id', equals: '1296269' }] },
    place: 'discoveryUrl',
    alg: 'RS256',
    published: { certificate: true, x5t: 'signs' },
    headers: {},
    accepted: [
      {
        what: 'of a workflow, with ids in sub',
        header: { typ: 'JWT', x5t: 'signs' },
        claims: { ...workflow, sub },
        lives: 600,
        answer: { jti: 'example-id', aud, sub },
      },
      {
        what: 'of a repository from before July 2026',
        header: { typ: 'JWT', x5t: 'signs' },
        claims: { ...workflow, sub: 'repo:corp/orders:ref:refs/heads/main' },
        answer: { jti: 'example-id', aud, sub: 'repo:corp/orders:ref:refs/heads/main' },
      },
    ],
    refused: [
      {
        what: 'of a repository that took the name',
        claims: { repository_id: '777' },
        code: 'rule_failed',
        hint: 'another repository',
      },
      { what: 'an id that is a number', claims: { repository_id: 1_296_269 }, code: 'rule_failed', hint: 'texts' },
      {
        what: 'one for the default audience',
        claims: { aud: 'https://github.com/corp' },
        code: 'audience_mismatch',
        hint: 'getIDToken',
      },
      {
        what: 'one of an enterprise server',
        claims: { iss: 'https://github.corp.example/_services/token' },
        code: 'issuer_unknown',
        hint: 'another one than is registered',
      },
      { what: 'one that lives for a day', lives: 86_400, code: 'lifetime_exceeded', hint: 'minutes' },
    ],
  },
  {
    preset: 'gitlab-ci',
    iss: gitlab,
    registration: {
      audiences: [aud],
      rules: [
        { claim: 'namespace_id', equals: '72' },
        { claim: 'ref_protected', equals: 'true' },
      ],
    },
    place: 'discoveryUrl',
    alg: 'RS256',
    published: {},
    headers: { 'cache-control': 'max-age=0, private, must-revalidate' },
    accepted: [
      {
        what: 'of a job on a protected branch',
        header: { typ: 'JWT' },
        claims: job,
        lives: 3_600,
        answer: { jti: '2c1d', aud, sub: job.sub },
      },
    ],
    refused: [
      { what: 'a job of another group', claims: { namespace_id: '73' }, code: 'rule_failed', hint: 'another group' },
      {
        what: 'a branch that is not protected',
        claims: { ref_protected: 'false' },
        code: 'rule_failed',
        hint: '"true", not true',
      },
      {
        what: 'an ID token of somebody who logs in with GitLab',
        whole: { sub: '7', aud: 'application', auth_time: 1 },
        code: 'audience_mismatch',
        hint: 'id_tokens',
      },
      { what: 'a job of two days', lives: 172_800, code: 'lifetime_exceeded', hint: 'timeout of the job' },
    ],
  },
];
