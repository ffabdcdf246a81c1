import { tenantPlace } from './issuer-template.js';

/** Tokens of version 1 from Microsoft Entra: the tenant is the one segment of the path. */
const entraV1 = /^https:\/\/sts\.windows\.net\/([0-9a-f-]{36}|\{tenantid\})\/$/;

/**
 * What metadata and key documents may call an issuer, besides the identifier in its tokens. Microsoft Entra has two names for one
 * tenant: its tokens of version 1 say `https://sts.windows.net/{tenant}/`, while the key set that signs them, and the metadata of version 2,
 * are for `https://login.microsoftonline.com/{tenant}/v2.0`, or the same of the cloud for the government of the United States.
 */
export function metadataIssuersOf(issuer: string): readonly string[] {
  // What is a place for the tenant here has another name in documents of the provider.
  const template = issuer.replace(tenantPlace, '{tenantid}');
  return template === issuer ? otherNamesOf(issuer) : [template, ...otherNamesOf(template)];
}

function otherNamesOf(issuer: string): readonly string[] {
  const [, tenant] = entraV1.exec(issuer) ?? [];
  if (tenant === undefined) return [];
  return ['login.microsoftonline.com', 'login.microsoftonline.us'].map((host) => `https://${host}/${tenant}/v2.0`);
}
