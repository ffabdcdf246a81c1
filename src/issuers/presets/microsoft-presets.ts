/** What is known of the tokens of Microsoft Entra ID. */
import { isMapping } from '../../shared/configuration/read-section.js';
import type { Hint, Preset, WrittenRegistration } from './preset.js';

/** A GUID as Microsoft writes it, or the place of one in a template. */
const tenant = String.raw`(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\{tenant\})`;

/**
 * Entra writes `uti` where others write `jti`, and a `sub` that is another one for each application; `oid` is the person. Its tokens live 60 to 90
 * minutes, and 20 to 28 hours where continuous access evaluation is on.
 */
const entra = {
  algorithms: ['RS256'],
  tokenTypes: ['JWT', 'at+jwt'],
  scopeClaims: ['scp', 'roles'],
  tokenIdClaim: 'uti',
  sessionClaim: 'sid',
  subjectClaim: 'oid',
  maxLifetime: '29h',
} as const;

/** Where the metadata of a tenant is; of many with one key set it is under the name that Entra has for all of them. */
function metadataAt(base: string, template: unknown): WrittenRegistration {
  const isShared = isMapping(template) && template['keys'] === 'shared';
  const url = `${base.replace(/\/$/, '')}/.well-known/openid-configuration`;
  return { keys: { discoveryUrl: isShared ? url.replace('{tenant}', 'organizations') : url } };
}

const forGraph = {
  code: 'signature_invalid',
  text: 'a header with nonce belongs to a token for Microsoft Graph, which only Graph can verify: ask for a scope of your own API',
} as const;

const idToken = 'an ID token: send the access token that was issued for a scope of your API';

/** Beside those that are known by their nonce: where client and API are one registration, aud is the same in both, and only access tokens name a client. */
const hintsFor = (client: 'azp' | 'appid'): readonly Hint[] => [
  forGraph,
  { code: 'token_kind', text: idToken },
  { code: 'claim_missing', claim: client, text: idToken },
  { code: 'lifetime_exceeded', text: 'Entra issues at most 28 hours: this is not one of its access tokens' },
];

const sources = [
  'https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens',
  'https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference',
];

/** Microsoft Entra ID. Which version a token has is decided by the API that it is for, not by the endpoint that was asked. */
export const microsoftPresets: readonly Preset[] = [
  {
    name: 'entra-v2',
    title: 'Microsoft Entra ID, tokens of version 2.0',
    issuer: {
      isTelling: true,
      pattern: new RegExp(`^https://[a-z0-9.-]+/${tenant}/v2\\.0/?$`),
      expected: 'the id of one tenant',
      example: 'https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0',
    },
    defaults: {
      ...entra,
      clientIdClaims: ['azp', 'client_id'],
      usernameClaim: 'preferred_username',
      requiredClaims: ['azp'],
    },
    derived: (identifier, { template }) => (identifier.includes('{tenant}') ? metadataAt(identifier, template) : {}),
    asks: [
      {
        setting: 'audiences',
        expected: 'the application (client) id of your API, which is what version 2.0 writes into aud',
        example: ['6e74172b-be56-4843-9ff4-e66a39bb12e3'],
      },
    ],
    hints: [
      ...hintsFor('azp'),
      { code: 'audience_mismatch', text: 'version 2.0 writes the client id of the API into aud, never its App ID URI' },
    ],
    sources,
  },
  {
    name: 'entra-v1',
    title: 'Microsoft Entra ID, tokens of version 1.0',
    issuer: {
      isTelling: true,
      pattern: new RegExp(`^https://sts\\.(?:windows\\.net|chinacloudapi\\.cn)/${tenant}/$`),
      expected: 'the id of one tenant and a slash',
      example: 'https://sts.windows.net/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/',
    },
    defaults: { ...entra, clientIdClaims: ['appid', 'azp'], usernameClaim: 'upn', requiredClaims: ['appid'] },
    // Metadata and keys are on another host than the identifier.
    derived: (identifier, { template }) => {
      const [, host = '', id = ''] = /^https:\/\/([^/]+)\/([^/]+)\/$/.exec(identifier) ?? [];
      const login = host.endsWith('.cn') ? 'login.partner.microsoftonline.cn' : 'login.microsoftonline.com';
      return metadataAt(`https://${login}/${id}`, template);
    },
    asks: [
      {
        setting: 'audiences',
        expected: 'the App ID URI of your API and its client id: version 1.0 writes the one that the client asked for',
        example: ['api://orders', '6e74172b-be56-4843-9ff4-e66a39bb12e3'],
      },
    ],
    hints: [
      ...hintsFor('appid'),
      {
        code: 'audience_mismatch',
        text: 'version 1.0 writes the App ID URI or the client id, as the client asked: list both',
      },
    ],
    sources: [
      ...sources,
      'https://learn.microsoft.com/en-us/entra/identity-platform/reference-microsoft-graph-app-manifest',
    ],
  },
];
