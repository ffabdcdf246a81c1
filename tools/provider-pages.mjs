// The facts in docs/providers, made from the presets that the program fills registrations in with.
import { stringify } from 'yaml';

/** @returns the generated part of each page by its file name, and the table of them all as `README.md` */
export async function providerPages() {
  const { presets } = await import('../dist/issuers/presets/presets.js');
  const all = [...presets.values()];
  return new Map([
    ['README.md', table(all)],
    ...all.map((preset) => [`${preset.name}.md`, preset.refusal === undefined ? page(preset) : refused(preset)]),
  ]);
}

function table(presets) {
  const rows = presets.map(
    ({ name, title, refusal }) =>
      `| [\`${name}\`](${name}.md) | ${title} | ${refusal === undefined ? '' : 'refused'} |`,
  );
  return ['| `preset` | whose tokens | |', '|---|---|---|', ...rows, ''].join('\n');
}

function page(preset) {
  return [
    '## Registration',
    'Put this into `assay.yaml`, with your own values for what is written out here ([what else is in that file](README.md#from-nothing-to-an-answer)):',
    '',
    '```yaml',
    yaml({ issuers: { [idOf(preset)]: registrationOf(preset) } }),
    '```',
    '',
    '| what you write | what it has to say |',
    '|---|---|',
    `| \`issuer\` | ${identifier(preset)} |`,
    ...preset.asks.map((ask) => `| ${asked(ask)} | ${ask.expected} |`),
    '',
    '## What the preset fills in',
    'Each of these can be written in the registration, too, and then that stands. Rules for other claims and further `requiredClaims` are added.',
    '',
    '```yaml',
    yaml(filledInOf(preset)),
    '```',
    '',
    ...logoutOf(preset),
    ...eventsOf(preset),
    '## When a token is refused',
    '`POST /admin/v1/explain` shows these hints beside the reason; callers never see them.',
    '',
    '| reason | what it most often is |',
    '|---|---|',
    ...preset.hints.map(
      ({ code, claim = '', iss = claim, text }) => `| \`${code}\`${iss === '' ? '' : ` (\`${iss}\`)`} | ${text} |`,
    ),
    '',
    ...sourcesOf(preset),
  ].join('\n');
}

function refused(preset) {
  return [
    '## No registration',
    `\`preset: ${preset.name}\` is refused: ${preset.refusal}.`,
    '',
    ...sourcesOf(preset),
  ].join('\n');
}

function logoutOf({ name, logout }) {
  if (!logout) return [];
  const { setup, says, beware } = logout;
  const signal = { issuer: name, backchannelLogout: { audience: 'the client_id of that client' } };
  return [
    '## When a user logs out',
    `It sends logout tokens (OpenID Connect Back-Channel Logout). Enter \`https://assay.example.com/signals/${name}-logout/logout\` at ${setup}. Then:`,
    '',
    '```yaml',
    yaml({ signals: { [`${name}-logout`]: signal } }),
    '```',
    '',
    `- A logout token says ${says}.`,
    ...beware.map((text) => `- ${text[0].toUpperCase()}${text.slice(1)}.`),
    '',
    'What is promised then: [revocation.md](../revocation.md#by-providers-when-a-user-logs-out).',
    '',
  ];
}

function eventsOf({ events }) {
  if (!events) return [];
  return [
    '## Security events',
    ...events.map((text) => `- ${text[0].toUpperCase()}${text.slice(1)}.`),
    '',
    'How a stream is registered, and what ends by it: [revocation.md](../revocation.md#by-security-events-shared-signals).',
    '',
  ];
}

function sourcesOf({ sources }) {
  return ['## Sources', ...sources.map((url) => `- <${url}>`), ''];
}

function idOf({ name }) {
  return name;
}

/** What somebody who pastes it has to change is written out; all else comes of the preset. */
export function registrationOf({ name, issuer, asks }) {
  const settings = asks.filter((ask) => ask.setting !== undefined).map(({ setting, example }) => [setting, example]);
  const rules = asks.filter((ask) => ask.rule !== undefined).map(({ example }) => example);
  return {
    preset: name,
    ...(issuer.default === undefined && issuer.example !== undefined && { issuer: issuer.example }),
    ...Object.fromEntries(settings),
    ...(rules.length > 0 && { rules }),
  };
}

function filledInOf({ defaults, derived, issuer }) {
  const identifier = issuer.default ?? issuer.example;
  return {
    ...(issuer.default !== undefined && { issuer: issuer.default }),
    ...defaults,
    ...(derived && identifier !== undefined && derived(identifier, {})),
  };
}

function identifier({ issuer: { expected, example, default: only } }) {
  if (only !== undefined) return `nothing, or ${expected}`;
  return example === undefined ? expected : `${expected}, such as \`${example}\``;
}

function asked(ask) {
  if (ask.setting !== undefined) return `\`${ask.setting}\``;
  const urgency = ask.isAdvice ? ' (without one there is a warning)' : '';
  return `a rule for ${ask.rule.map((claim) => `\`${claim}\``).join(' or ')}${urgency}`;
}

function yaml(value) {
  return stringify(value, { lineWidth: 0, flowCollectionPadding: true }).trimEnd();
}
