import type { Preset } from './preset.js';

/** Tokens that a build gets, so that it needs no secret to deploy. What they say in `sub` can be chosen or changes; ids cannot. */
export const pipelinePresets: readonly Preset[] = [
  {
    name: 'github-actions',
    title: 'GitHub Actions',
    issuer: {
      isTelling: true,
      pattern: /^https:\/\/(?:token\.actions\.[a-z0-9.-]+|[a-z0-9.-]+\/_services\/token)(?:\/[A-Za-z0-9-]+)?$/,
      expected:
        'https://token.actions.githubusercontent.com, or that of your GitHub Enterprise Server, https://HOST/_services/token',
      default: 'https://token.actions.githubusercontent.com',
    },
    defaults: { keys: { discovery: 'oidc' }, algorithms: ['RS256'], tokenTypes: ['JWT'], maxLifetime: '2h' },
    asks: [
      {
        setting: 'audiences',
        expected: 'the audience that the workflow asks for; left alone it is the URL of the owner of the repository',
        example: ['https://deploy.corp.example'],
      },
      {
        rule: [
          'repository_owner_id',
          'repository_id',
          'enterprise_id',
          'job_workflow_ref',
          'sub',
          'repository',
          'repository_owner',
        ],
        expected:
          'whose workflows are meant: an id, because names change hands. Everybody on GitHub gets tokens of this issuer',
        example: { claim: 'repository_owner_id', oneOf: ['9919'] },
      },
    ],
    hints: [
      {
        code: 'rule_failed',
        claim: 'repository_owner_id',
        text: 'a workflow of another owner; the values are texts: "9919", not 9919',
      },
      {
        code: 'rule_failed',
        claim: 'repository_id',
        text: 'a workflow of another repository; the values are texts: "1296269"',
      },
      {
        code: 'rule_failed',
        claim: 'sub',
        text: 'repositories that were made, renamed or moved after 15 July 2026 have ids in sub: compare repository_id instead',
      },
      { code: 'lifetime_exceeded', text: 'GitHub issues minutes: this is not one of its tokens' },
      { code: 'audience_mismatch', text: 'the workflow asks for its audience: core.getIDToken("…") or &audience=…' },
    ],
    sources: ['https://docs.github.com/en/actions/reference/security/oidc'],
  },
  {
    name: 'gitlab-ci',
    title: 'GitLab CI/CD, id_tokens',
    issuer: {
      pattern: /^https:\/\/[a-z0-9.-]+(?::\d+)?(?:\/[A-Za-z0-9._/-]+)?$/,
      expected: 'the URL of the GitLab instance',
      example: 'https://gitlab.com',
    },
    defaults: { algorithms: ['RS256'], tokenTypes: ['JWT'], maxLifetime: '24h' },
    asks: [
      {
        setting: 'audiences',
        expected: 'the aud that the job asks for under id_tokens',
        example: ['https://deploy.corp.example'],
      },
      {
        rule: ['namespace_id', 'project_id', 'sub', 'namespace_path', 'project_path'],
        expected: 'whose jobs are meant: an id, because paths change hands',
        example: { claim: 'namespace_id', oneOf: ['72'] },
      },
    ],
    hints: [
      {
        code: 'rule_failed',
        claim: 'namespace_id',
        text: 'a job of another group; the values are texts: "72", not 72',
      },
      {
        code: 'audience_mismatch',
        text: 'aud is what the job asks for under id_tokens; the token of a login with GitLab names an application',
      },
      { code: 'rule_failed', claim: 'ref_protected', text: 'the values are texts: "true", not true' },
      {
        code: 'lifetime_exceeded',
        text: 'a token lives as long as its job may run: raise maxLifetime to the timeout of the job',
      },
    ],
    sources: [
      'https://docs.gitlab.com/ci/secrets/id_token_authentication/',
      'https://docs.gitlab.com/integration/openid_connect_provider/',
    ],
  },
];
