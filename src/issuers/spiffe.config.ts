import { Section } from '../shared/configuration/composite-fields.js';
import { describe } from '../shared/configuration/describe.js';
import { Rule, type FileText } from '../shared/configuration/field.js';
import type { Place } from '../shared/configuration/place.js';
import { FileField, OneOfField, TextField } from '../shared/configuration/scalar-fields.js';
import { readStrictJson } from '../shared/strict-json.js';
import { isTrustDomain } from '../tokens/spiffe-id.js';
import { soundKeyUrl } from './key-location.js';
import { readSpiffeBundle } from './spiffe-bundle.js';
import type { StaticKeyLocation } from './written-keys.js';
import type { KeyUrlTerms } from '../shared/key-url.js';

/** The bundle of a trust domain at a URL (bundle endpoint, profile `https_web`). */
export interface SpiffeBundleLocation {
  readonly kind: 'spiffeBundle';
  readonly url: string;
}

/** Where the bundle of a trust domain comes from. */
export class SpiffeBundleSection {
  @TextField('URL of the bundle endpoint', { example: 'https://spire.corp.example/bundle' })
  readonly url?: string;

  @FileField('file with the bundle, such as spiffe-helper writes it', { example: 'bundle.json' })
  readonly file?: FileText;

  @OneOfField('how the endpoint proves who it is: https_web = by its certificate. https_spiffe is not offered', {
    words: ['https_web'],
    default: 'https_web',
    others:
      'for an endpoint of https_spiffe, file with the bundle that spiffe-helper writes: that profile is not offered',
  })
  readonly profile!: 'https_web';

  @Rule('url', 'file')
  refuseOtherThanOne(place: Place): void {
    if ((this.url === undefined) === (this.file === undefined)) {
      place.refuse(this.url === undefined ? 'no place' : 'url and file', 'exactly one of url, file');
    }
  }
}

/** A SPIFFE trust domain, whose JWT-SVIDs need no `iss`: the trust domain of `sub` says whose they are. */
export class SpiffeSection {
  @TextField('name of the trust domain', { required: true, example: 'prod.corp.example' })
  readonly trustDomain!: string;

  @Section('where its keys come from', () => SpiffeBundleSection, { required: true })
  readonly bundle!: SpiffeBundleSection;

  @Rule('trustDomain')
  refuseOtherThanTrustDomain(place: Place): void {
    if (isTrustDomain(this.trustDomain)) return;
    const expected = 'lower-case letters, digits, dots, dashes and underscores, such as prod.corp.example';
    place.at('trustDomain').refuse(describe(this.trustDomain), expected);
  }
}

/** Where the keys of a trust domain come from. @returns undefined after reporting every problem */
export function prepareBundle(
  { url, file }: SpiffeBundleSection,
  place: Place,
  network: KeyUrlTerms,
): SpiffeBundleLocation | StaticKeyLocation | undefined {
  if (url !== undefined) {
    const sound = soundKeyUrl(url, place.at('url'), network);
    return sound === undefined ? undefined : { kind: 'spiffeBundle', url: sound };
  }
  const text = Buffer.from(file?.text ?? '');
  const bundle = readSpiffeBundle(readStrictJson(text, { depth: 10, members: 20_000 }));
  if (bundle) return { kind: 'static', jwks: { keys: bundle.keys }, mayBeEmpty: true };
  place.at('file').refuse('no SPIFFE bundle', 'a JSON object with a list of keys');
  return undefined;
}
