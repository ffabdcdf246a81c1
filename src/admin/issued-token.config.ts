import type { ClaimComparison } from '../claims/claim-rule.js';
import { ClaimComparisonSection } from '../issuers/claim-rule.config.js';
import type { IssuerSection } from '../issuers/issuers.config.js';
import { templatesIn } from '../issuers/issuers.section.js';
import { ListOf } from '../shared/configuration/composite-fields.js';
import { TextField } from '../shared/configuration/scalar-fields.js';
import { closest } from '../shared/configuration/closest.js';
import type { Place } from '../shared/configuration/place.js';
import type { Written } from '../shared/configuration/written.js';

/** Which tokens of a registered issuer are admin tokens. */
export class IssuedTokenSection {
  @TextField('id of an issuer that the main file registers', { required: true, example: 'corp' })
  readonly issuer!: string;

  @TextField('what `aud` must name: one that only this service has', {
    required: true,
    example: 'https://assay.example.com/admin',
  })
  readonly audience!: string;

  @ListOf('what its claims must say: all of it', () => ClaimComparisonSection, {
    required: true,
    emptyRefusal: 'at least one rule: without, whoever gets a token for this audience would be an admin',
    example: [{ claim: 'groups', contains: 'assay-operators' }],
  })
  readonly rules!: readonly ClaimComparison[];
}

/** Refuses each issuer whose tokens must not make anybody an admin. */
export function refuseUntrustedIssuers(tokens: readonly Written[], file: Written): void {
  const issuers = file.at('issuers').members;
  const known = issuers.map((issuer) => issuer.at('id').text);
  const templates = new Set(templatesIn(file));
  for (const { text, place } of tokens.map((token) => token.at('token').at('issuer'))) {
    if (text === undefined) continue;
    const issuer = issuers[known.indexOf(text)];
    const found = JSON.stringify(text.slice(0, 80));
    // An id that cannot be read may be the one that is meant here.
    if (!issuer && known.includes(undefined)) continue;
    if (!issuer) place.refuse(found, `the id of an issuer of the main file${hintFor(text, known)}`);
    else if (issuer.place.file !== undefined) place.refuse('an issuer of an included file', ofMainFile);
    else if (templates.has(text)) place.refuse('an issuer of many tenants', ofOneTenant);
    else if (issuer.at('opaque').at('jwt').text === 'introspect')
      place.refuse('an issuer with jwt: introspect', byKeys);
  }
}

const ofMainFile = 'an issuer of the main file: who writes the other file could make anybody an operator';

const ofOneTenant = 'an issuer of its own for the tenant: every tenant could issue tokens with these claims';

const byKeys = 'an issuer whose tokens are judged by its keys: it is not asked about admins';

function hintFor(text: string, known: readonly (string | undefined)[]): string {
  const near = closest(text, new Set(known.filter((id) => id !== undefined)));
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** Warns of an audience that tokens for other services have: whoever runs such a service receives them, and could send them here. */
export function warnOfSharedAudiences(
  tokens: readonly { readonly token?: IssuedTokenSection }[],
  issuers: readonly IssuerSection[],
  place: Place,
): void {
  tokens.forEach(({ token }, i) => {
    const audiences = issuers.find(({ id }) => id === token?.issuer)?.audiences;
    if (!token || !Array.isArray(audiences) || !audiences.includes(token.audience)) return;
    const found = 'an audience that tokens for other services have';
    place
      .at(i)
      .at('token')
      .at('audience')
      .warn(found, 'one that only this service has: those services could use such a token here');
  });
}
