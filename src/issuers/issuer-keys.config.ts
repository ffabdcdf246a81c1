/** What the configuration can say of where an issuer's keys come from. */
import { JsonField, TextList } from '../shared/configuration/composite-fields.js';
import type { Place } from '../shared/configuration/place.js';
import { Rule, type FileText } from '../shared/configuration/field.js';
import { FileField, OneOfField, TextField } from '../shared/configuration/scalar-fields.js';
import { discoveryLocation, discoveryUrlLocation, type DiscoveryLocation } from './discovery-location.js';
import {
  jwksUriLocation,
  type JwksUriLocation,
  pemMapUriLocation,
  type PemMapUriLocation,
} from './key-url-location.js';
import type { SpiffeBundleLocation } from './spiffe.config.js';
import type { LocationContext } from './key-location.js';
import { pemUriLocation } from './pem-per-kid.js';
import { pemFileLocation } from './pem-keys.js';
import type { DiscoveryMode } from './discovery-metadata.js';
import { jwksFileLocation, jwksLocation, type StaticKeyLocation } from './written-keys.js';

/** Where an issuer's key set comes from, prepared: one kind for each way to get at it. */
export type KeyLocation =
  DiscoveryLocation | JwksUriLocation | PemMapUriLocation | SpiffeBundleLocation | StaticKeyLocation;

/**
 * Every field that can say where the keys are, and what makes a location of its value. Total: a field of the section that
 * is neither here nor said to be beside another does not compile.
 */
const locations: { readonly [Name in LocationName]: MakeLocation<Name> } = {
  discovery: discoveryLocation,
  discoveryUrl: discoveryUrlLocation,
  jwksUri: jwksUriLocation,
  pemMapUri: pemMapUriLocation,
  pemUri: pemUriLocation,
  jwksFile: jwksFileLocation,
  jwks: jwksLocation,
  pemFile: pemFileLocation,
};

const locationNames = Object.keys(locations) as readonly LocationName[];

/** Those of which one must be given; `discoveryUrl` may also stand beside `discovery`, which then says what is found there. */
const placeNames = locationNames.filter((name) => name !== 'discoveryUrl');

type LocationName = Exclude<FieldName, 'jwksHosts'>;

/** Makes the location of what one field says. @returns undefined after reporting every problem */
type MakeLocation<Name extends FieldName> = (
  value: NonNullable<IssuerKeysSection[Name]>,
  context: LocationContext<IssuerKeysSection>,
) => KeyLocation | undefined;

/** The keys of the section, without the rules between them. */
type FieldName = {
  [Name in keyof IssuerKeysSection]-?: IssuerKeysSection[Name] extends (...args: never[]) => unknown ? never : Name;
}[keyof IssuerKeysSection];

/** Where an issuer's public keys come from. Exactly one place; nothing in a token ever chooses it. */
export class IssuerKeysSection {
  @OneOfField('find the key set through metadata: OpenID Connect Discovery, RFC 8414, or whichever there is', {
    words: ['auto', 'oidc', 'oauth'],
  })
  readonly discovery?: DiscoveryMode;

  @TextField(
    'where the metadata is reachable when it is not under the issuer identifier; alone, or beside `discovery`',
    {
      example: 'https://login.internal.example/.well-known/openid-configuration',
    },
  )
  readonly discoveryUrl?: string;

  @TextList(
    'hosts, or `host:port`, that `jwks_uri` of the metadata may name besides its own; empty = any host, on port 443',
    {
      default: [],
      example: ['keys.corp.example'],
    },
  )
  readonly jwksHosts!: readonly string[];

  @TextField('URL of the key set', { example: 'https://login.corp.example/jwks' })
  readonly jwksUri?: string;

  @TextField('URL of a JSON object that maps each `kid` to a PEM certificate or public key, as Google publishes them', {
    example: 'https://www.googleapis.com/identitytoolkit/v3/relyingparty/publicKeys',
  })
  readonly pemMapUri?: string;

  @TextField('always refused, with the reason: keys of which each has a URL of its own, as those of AWS load balancers')
  readonly pemUri?: string;

  @FileField('file with a JWK Set of public keys', { example: 'corp.jwks.json' })
  readonly jwksFile?: FileText;

  @JsonField('a JWK Set of public keys, written out here')
  readonly jwks?: Readonly<Record<string, unknown>>;

  @FileField('PEM file with public keys or certificates', { example: 'corp.pem' })
  readonly pemFile?: FileText;

  @Rule(...locationNames)
  refuseOtherThanOne(place: Place): void {
    const given = placeNames.filter((name) => this[name] !== undefined);
    if (given.length === 1 || (given.length === 0 && this.discoveryUrl !== undefined)) return;
    place.refuse(given.join(' and ') || 'no place', `exactly one of ${locationNames.join(', ')}`);
  }

  @Rule(...locationNames, 'jwksHosts')
  refuseWithoutDiscovery(place: Place): void {
    if (this.discovery !== undefined) return;
    const isElsewhere = placeNames.some((name) => this[name] !== undefined);
    const expected = 'it alone, or beside discovery';
    if (this.discoveryUrl !== undefined && isElsewhere) place.at('discoveryUrl').refuse('no discovery', expected);
    const hasMetadata = this.discoveryUrl !== undefined && !isElsewhere;
    if (this.jwksHosts.length > 0 && !hasMetadata) {
      place.at('jwksHosts').refuse('no discovery', 'it only beside discovery or discoveryUrl');
    }
  }
}

/** Whether metadata is fetched from under the issuer identifier, which then has to be a URL. */
export function areFoundByIdentifier({ discovery, discoveryUrl }: IssuerKeysSection): boolean {
  return discovery !== undefined && discoveryUrl === undefined;
}

/**
 * Where the keys of an issuer come from, as the configuration says it.
 * @param context with a section that its own rules accepted
 * @returns undefined after reporting every problem
 */
export function prepareKeyLocation(context: LocationContext<IssuerKeysSection>): KeyLocation | undefined {
  for (const name of locationNames) {
    const value = context.keys[name];
    if (value !== undefined) return locationAt(name, value, context);
  }
  return undefined;
}

function locationAt<Name extends LocationName>(
  name: Name,
  value: NonNullable<IssuerKeysSection[Name]>,
  context: LocationContext<IssuerKeysSection>,
): KeyLocation | undefined {
  return locations[name](value, context);
}
