import { IssuerNetworkSection, prepareNetwork, ServerNetworkSection } from '../../issuers/issuer-network.config.js';
import { Section } from '../../shared/configuration/composite-fields.js';
import type { FileText } from '../../shared/configuration/field.js';
import type { Place } from '../../shared/configuration/place.js';
import { FileField, TextField } from '../../shared/configuration/scalar-fields.js';
import { readKeyUrl } from '../../shared/key-url.js';
import type { AdminRegionTerms } from './region-terms.js';

/** Most regions that one replica asks. Each costs a question every few seconds, and the memory of one answer. */
const MOST_REGIONS = 16;

/** One region of the installation, whose replicas share another Redis than ours. */
export class RegionSection {
  @TextField('what `redis.region` says there; an entry with our own `redis.region` is this region, and is not asked', {
    required: true,
    example: 'us-east',
    pattern: /^[\w.-]{1,100}$/,
    expected: '1 to 100 letters, digits, dots, hyphens or underscores',
  })
  readonly name!: string;

  @TextField('where its management listeners answer: https, or http of this machine, as of a sidecar', {
    required: true,
    example: 'https://assay-admin.us-east.corp.example',
  })
  readonly url!: string;

  @FileField(
    'one of its `admin.tokens`: of a viewer to see it, of an operator to act there as well; read again when it changes',
    { required: true, example: '/run/secrets/assay-us-east' },
  )
  readonly tokenFile!: FileText;

  @Section('how it may be reached', () => ServerNetworkSection)
  readonly network?: ServerNetworkSection;
}

/**
 * Makes the list of regions ready.
 * @param place of the list
 * @param isToken whether a text can be one of `admin.tokens`
 */
export function prepareRegions(
  sections: readonly RegionSection[],
  place: Place,
  isToken: (text: string) => boolean,
): readonly AdminRegionTerms[] {
  if (sections.length > MOST_REGIONS) place.refuse(`${sections.length} regions`, `at most ${MOST_REGIONS}`);
  const names = sections.map(({ name }) => name);
  return sections.flatMap(({ name, url: text, tokenFile, network: written }, i) => {
    const at = place.at(i);
    if (names.indexOf(name) < i) at.at('name').refuse('a name twice', 'a name of its own for each region');
    // Regions are at private addresses as a rule, and no document names them: only the operator does.
    const section = Object.assign(new IssuerNetworkSection(), written, { allowPrivate: true });
    const network = prepareNetwork(section, at.at('network'));
    const token = tokenFile.text.trim();
    if (!isToken(token)) at.at('tokenFile').refuse('something else', 'one of admin.tokens of that region, on one line');
    const url = readRegionUrl(text, written?.proxyUrl);
    if (typeof url === 'string') at.at('url').refuse(url, expectedUrl);
    return typeof url === 'string' || !network ? [] : [{ name, url: url.href.replace(/\/$/, ''), token, network }];
  });
}

const expectedUrl =
  'an https URL without user information, query and fragment, or an http URL of this machine: the token must not cross a network in the clear';

function readRegionUrl(text: string, proxyUrl: string | undefined): URL | string {
  const url = readKeyUrl(text, { allowPrivate: true, ...(proxyUrl !== undefined && { proxyUrl }) });
  return typeof url !== 'string' && text.includes('?') ? 'a query in the URL' : url;
}
