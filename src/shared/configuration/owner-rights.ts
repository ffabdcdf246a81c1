/** What the main file lets an included one say. What it does not name, that file may not say: absence is never permission. */
export interface OwnerRights {
  /** What the ids of its issuers and callers begin with. */
  readonly idPrefix: string;
  /** Issuer identifiers that it may register, or URLs that those begin with: see {@link isIdentifierGranted}. */
  readonly issuers: readonly string[];
  /** Which rights its callers may have; absent: it registers none. */
  readonly callers?: CallerRights;
  readonly settings: readonly GrantableSetting[];
}

/** Rights that a file may give to callers. */
export interface CallerRights {
  /** Ids of issuers of other files; those with the prefix of its own ids are always among them. */
  readonly issuers: readonly string[] | 'any';
  readonly audiences: readonly string[] | 'any';
  readonly claims: readonly string[] | 'any';
}

/** Settings that reach further than a registration does, each to be granted by itself. */
export const grantableSettings = [
  'allowMissingIss',
  'criticality',
  'network.allowPrivate',
  'network.caFile',
  'network.bearerTokenFile',
  'network.headers',
  'network.proxyUrl',
  'network.proxyCredentialsFile',
  'network.clientCertificateFile',
  'network.clientKeyFile',
  'proxy',
  'revoke',
  'upstream',
] as const;

/** One of {@link grantableSettings}. */
export type GrantableSetting = (typeof grantableSettings)[number];

/** A tenant of a template: what stands there is judged as this is. */
const [tenantPlace, SAMPLE] = ['{tenant}', 'tenant'];

/**
 * Whether an issuer identifier is one of these, or lies below one that is a URL: by its whole origin and whole segments of its path, so that
 * `https://login.corp.example` is not the beginning of `https://login.corp.example.evil`.
 */
export function isIdentifierGranted(identifier: string, granted: readonly string[]): boolean {
  const isPlain = isPlainUrl(identifier.replace(tenantPlace, SAMPLE));
  return granted.some((one) => {
    if (!isPlainUrl(one)) return identifier === one;
    const base = one.replace(/\/$/, '');
    return isPlain && (identifier === base || identifier.startsWith(`${base}/`));
  });
}

/** Whether it is a URL in the only way in which it can be written: no dots, percents or users that lead somewhere else than they seem to. */
export function isPlainUrl(text: string): boolean {
  if (/[%?#\\@\s{}*]/.test(text) || !text.includes('://') || !URL.canParse(text)) return false;
  const { href, host } = new URL(text);
  return host !== '' && (href === text || href === `${text}/`);
}
