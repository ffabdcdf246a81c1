/** Writes the registration of an issuer, ready to paste, from what the issuer publishes. */
import { stringify } from 'yaml';
import { wellKnownUrls } from '../../issuers/discovery-metadata.js';
import type { Preset } from '../../issuers/presets/preset.js';
import { presets } from '../../issuers/presets/presets.js';
import { KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import { maskedUrl } from '../../shared/key-url.js';
import type { KeyRow } from './key-rows.js';
import type { PublishedKeySet } from './published-key-set.js';

/** What a registration is made of. */
interface RegistrationParts {
  readonly url: string;
  readonly found: PublishedKeySet;
  readonly keys: readonly KeyRow[];
  readonly preset: Preset | undefined;
  readonly id: string | undefined;
  readonly audience: string | undefined;
  readonly 'allow-private': boolean;
  readonly 'ca-file': string | undefined;
}

/** A registration as it would be written, and what is to be said of its members. */
export interface RegistrationDraft {
  readonly members: Readonly<Record<string, unknown>>;
  /** By the member that each stands at; `''`: above all of them. */
  readonly comments: ReadonlyMap<string, string>;
  /** Rules that only its reader can write: lines of a comment, because an example that is in force would be a rule of somebody else. */
  readonly open: readonly string[];
}

/** The registration of an issuer, from what it publishes. */
export function draftRegistration(parts: RegistrationParts): RegistrationDraft {
  const { url, found, keys, preset, id, audience } = parts;
  const comments = new Map<string, string>();
  const issuer = issuerOf(parts);
  comments.set('', `below issuers; from ${maskedUrl(found.metadata?.url ?? found.jwksUri)}`);
  if (issuer === '') comments.set('issuer', 'to be filled in: iss of its tokens, byte for byte');
  else if (issuer !== url && found.metadata) comments.set('issuer', 'as its metadata says it, byte for byte');
  const telling = preset ? undefined : presetFor(issuer);
  if (telling)
    comments.set('', `${comments.get('') ?? ''}; this is ${telling.title}: --preset ${telling.name} knows more of it`);
  const algorithms = [...new Set(keys.flatMap((key) => suggestedAlgorithms(key)))];
  comments.set('algorithms', 'what its published keys are for; take out what it does not use');
  if (audience === undefined) comments.set('audiences', audienceComment(preset));
  const isKnownBy = (name: string): boolean => preset?.defaults[name] !== undefined;
  const members = {
    id: id ?? idFrom(issuer === '' ? url : issuer),
    ...(preset && { preset: preset.name }),
    issuer,
    ...(preset?.derived || isKnownBy('keys') ? {} : { keys: keysOf(parts, issuer, comments) }),
    ...(isKnownBy('algorithms') ? {} : { algorithms }),
    ...(isKnownBy('audiences') ? {} : { audiences: audience === undefined ? [] : [audience] }),
    ...networkMembers(parts),
  };
  return { members, comments, open: preset ? rulesAskedBy(preset) : [] };
}

/** As YAML for a list, each comment above its member. */
export function registrationText({ members, comments, open }: RegistrationDraft): string {
  const head = comments.get('');
  const lines = Object.entries(members).map(([name, value]) => {
    const comment = comments.get(name);
    const above = comment === undefined ? '' : `  # ${comment}\n`;
    const text = stringify({ [name]: value }, { lineWidth: 0, flowCollectionPadding: true, collectionStyle: 'any' });
    return `${above}${text.trimEnd().replace(/^/gm, '  ')}\n`;
  });
  return `${head === undefined ? '' : `# ${head}\n`}- ${lines.join('').slice(2)}${open.map((line) => `  # ${line}\n`).join('')}`;
}

/**
 * The identifier: what metadata says, held to where it was found; of a bare key set nobody can know it.
 * @throws {KeyFetchFailure} where an issuer was asked for, and metadata is of another one (RFC 8414 §3.3)
 */
function issuerOf({ url, found: { metadata } }: RegistrationParts): string {
  if (metadata?.issuer === undefined) return '';
  const { issuer } = metadata;
  if (metadata.url === url || issuer === url || isItsMetadata(metadata.url, issuer)) return issuer;
  const named = maskedUrl(issuer.slice(0, 200));
  const place = { host: new URL(metadata.url).host, stage: 'json' } as const;
  throw new KeyFetchFailure('metadata', 'issuer differs from the URL that was asked for', { named }).at(place);
}

function isItsMetadata(url: string, issuer: string): boolean {
  return URL.canParse(issuer) && wellKnownUrls(issuer, 'auto').includes(url);
}

function keysOf(
  { found: { metadata, jwksUri } }: RegistrationParts,
  issuer: string,
  comments: Map<string, string>,
): object {
  if (!metadata) return { jwksUri };
  const { host, origin } = new URL(jwksUri);
  const elsewhere = origin === new URL(metadata.url).origin ? {} : { jwksHosts: [host] };
  if (elsewhere.jwksHosts) comments.set('keys', 'its keys are on another host: no further one may be named');
  const mode = wellKnownUrls(issuer, 'oidc').includes(metadata.url) ? 'oidc' : 'auto';
  if (isItsMetadata(metadata.url, issuer)) return { discovery: mode, ...elsewhere };
  return { discoveryUrl: metadata.url, ...elsewhere };
}

/** RSA keys without alg fit six algorithms: most tokens are RS256, and a list that is too short is found out with the first token. */
function suggestedAlgorithms({ algorithms, isUsable }: KeyRow): readonly string[] {
  if (!isUsable) return [];
  return algorithms.slice(0, 1);
}

function rulesAskedBy({ asks }: Preset): readonly string[] {
  return asks.flatMap((ask) => {
    if (!('rule' in ask)) return [];
    const example = stringify({ rules: [ask.example] }, { lineWidth: 0 })
      .trimEnd()
      .split('\n');
    return [`${ask.isAdvice ? 'better with' : 'to be filled in'}: ${ask.expected}; for example`, ...example];
  });
}

function audienceComment(preset: Preset | undefined): string {
  const ask = preset?.asks.find((each) => 'setting' in each && each.setting === 'audiences');
  const what = ask?.expected ?? 'what aud of its access tokens for your API says';
  return `to be filled in: ${what}; the service does not start without`;
}

function networkMembers({ 'allow-private': allowPrivate, 'ca-file': caFile }: RegistrationParts): object {
  if (!allowPrivate && caFile === undefined) return {};
  return { network: { ...(allowPrivate && { allowPrivate }), ...(caFile !== undefined && { caFile }) } };
}

/** Whose tokens these are, where the identifier alone says it. */
function presetFor(issuer: string): Preset | undefined {
  return [...presets.values()].find(({ issuer: { isTelling, pattern } }) => isTelling && pattern?.test(issuer));
}

/** Made of the last telling part of the host: `login.corp.example` is `corp`. */
function idFrom(url: string): string {
  const labels = new URL(url).hostname.split('.');
  const name = /^[\d.[\]:]+$/.test(new URL(url).hostname) ? 'issuer' : (labels.at(-2) ?? labels[0]);
  return (name ?? 'issuer').replace(/[^a-z0-9-]/gi, '-');
}
