import { TextField } from '../../shared/configuration/scalar-fields.js';
import type { Place } from '../../shared/configuration/place.js';
import { refuseRepeated } from '../../shared/configuration/written.js';

/** Where the token of a proxied request may be: headers in which gateways put the token of the user that they know. */
export class TokenSourceSection {
  @TextField('name of a header that has the token, by itself or behind `Bearer`', {
    required: true,
    // RFC 9110 §5.6.2.
    pattern: /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/,
    expected: 'the name of a header',
    example: 'Cf-Access-Jwt-Assertion',
  })
  readonly header!: string;
}

/** Headers that can have no token, and why. */
const unfit: readonly (readonly [RegExp, string])[] = [
  [/^x[-_]auth[-_]/i, 'another header: Assay sets those that begin with X-Auth- itself, and proxies remove them'],
  [/^(?:set-)?cookie$/i, 'another header: a cookie is sent by browsers for any page, so it proves nothing'],
  [
    /^(?:connection|content-length|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/i,
    'another header: this one is about the message itself',
  ],
];

/** @returns the names in lower case, in their order; `undefined` where none are configured; problems are reported */
export function tokenSourcesOf(
  sources: readonly TokenSourceSection[] | undefined,
  place: Place,
): readonly string[] | undefined {
  if (!sources) return undefined;
  if (sources.length === 0)
    place.refuse('an empty list', 'at least one header, or no tokenFrom: then it is Authorization');
  const names = sources.map(({ header }) => header.toLowerCase());
  for (const [i, name] of names.entries()) {
    const [, expected] = unfit.find(([pattern]) => pattern.test(name)) ?? [];
    if (expected !== undefined) place.at(i).at('header').refuse(JSON.stringify(sources[i]?.header), expected);
  }
  refuseRepeated(
    names.map((text, i) => ({ text, place: place.at(i).at('header') })),
    'each header once',
  );
  return names;
}
