import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { refuseRepeated } from '../shared/configuration/repeated.js';
import { requiredList } from '../shared/configuration/section-form.js';
import type { Written } from '../shared/configuration/written.js';
import type { Issuer } from './issuer.js';
import { IssuerSection } from './issuers.config.js';
import { prepareIssuers } from './prepare-issuers.js';

/** `issuers`: the issuers whose tokens are accepted. */
export const issuersSection: ConfigurationSection<'issuers', readonly IssuerSection[], readonly Issuer[]> = {
  key: 'issuers',
  form: requiredList('the issuers whose tokens are accepted', () => IssuerSection),
  parts: { kind: 'issuer', of: (issuers) => issuers },
  checkWritten: (file) => {
    const issuers = file.at('issuers').members;
    refuseRepeated(
      issuers.map((issuer) => issuer.at('id')),
      'an id that no other issuer has',
    );
    const identifiers = issuers.map((issuer) => issuer.at('issuer'));
    refuseRepeated(identifiers, 'one entry for each issuer');
    warnOfNearDuplicates(identifiers);
  },
  prepare: prepareIssuers,
  needsRestart: () => [],
};

/** `https://x` and `https://x/` are two issuers (RFC 7519 §4.1.1), but hardly ever two were meant. */
function warnOfNearDuplicates(identifiers: readonly Written[]): void {
  const places = new Map(identifiers.map(({ text, place }) => [text, place]));
  for (const { text, place } of identifiers) {
    const other = text === undefined ? undefined : places.get(`${text}/`);
    if (!other) continue;
    place.warn(`the same as ${other.path} but for the slash at its end`, 'one of them: tokens match exactly');
  }
}
