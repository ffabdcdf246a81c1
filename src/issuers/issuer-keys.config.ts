import { JsonField, TextList } from '../shared/configuration/composite-fields.js';
import type { Place } from '../shared/configuration/place.js';
import type { FileText } from '../shared/configuration/file-text.js';
import { Rule } from '../shared/configuration/rule.js';
import { FileField, OneOfField, TextField } from '../shared/configuration/scalar-fields.js';
import type { DiscoveryMode } from './well-known.js';

const places = ['discovery', 'jwksUri', 'jwksFile', 'jwks', 'pemFile'] as const;

/** Where an issuer's public keys come from. Exactly one place; nothing in a token ever chooses it. */
export class IssuerKeysSection {
  @OneOfField('find the key set through metadata: OpenID Connect Discovery, RFC 8414, or whichever there is', {
    words: ['auto', 'oidc', 'oauth'],
  })
  readonly discovery?: DiscoveryMode;

  @TextField('where the metadata is reachable when it is not under the issuer identifier; only beside `discovery`', {
    example: 'https://login.internal.example/.well-known/openid-configuration',
  })
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

  @FileField('file with a JWK Set of public keys', { example: 'corp.jwks.json' })
  readonly jwksFile?: FileText;

  @JsonField('a JWK Set of public keys, written out here')
  readonly jwks?: Readonly<Record<string, unknown>>;

  @FileField('PEM file with public keys or certificates', { example: 'corp.pem' })
  readonly pemFile?: FileText;

  @Rule(...places)
  refuseOtherThanOne(place: Place): void {
    const given = places.filter((place) => this[place] !== undefined);
    if (given.length === 1) return;
    place.refuse(given.join(' and ') || 'no place', `exactly one of ${places.join(', ')}`);
  }

  @Rule('discovery', 'discoveryUrl', 'jwksHosts')
  refuseWithoutDiscovery(place: Place): void {
    if (this.discovery !== undefined) return;
    const expected = 'it only beside discovery';
    if (this.discoveryUrl !== undefined) place.at('discoveryUrl').refuse('no discovery', expected);
    if (this.jwksHosts.length > 0) place.at('jwksHosts').refuse('no discovery', expected);
  }
}
