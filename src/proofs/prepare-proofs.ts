import type { Place } from '../shared/configuration/place.js';
import { normalOrigin } from './normal-uri.js';
import { usualHeaders, type CertificateSource } from './presented-certificate.js';
import { usualDpopTerms, type DpopTerms, type ProofTerms } from './proof-terms.js';
import type { DpopSection, ProofsSection } from './proofs.config.js';

/** Origins without TLS: those of a trial on one machine. */
const loopback = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/**
 * Makes what a caller says of proofs ready; problems are reported, and then the result must not be used.
 * @param isProxy whether it is a profile for proxies: other callers say themselves for what a proof must be made
 */
export function prepareProofs(section: ProofsSection, place: Place, isProxy: boolean): ProofTerms {
  const { dpop } = section;
  if (dpop?.proxySetsRequestId) checkRequestIds(dpop, place.at('dpop').at('proxySetsRequestId'), isProxy);
  if (!isProxy) {
    const idle = (['origin', 'certificateFrom'] as const).filter((key) => section[key] !== undefined);
    if (idle.length > 0) place.refuse(`${idle.join(', ')} without proxy: true`, 'both, or none of them');
    if (!dpop) place.refuse('no dpop', 'dpop, which is all that a caller can hand on without proxy: true');
    return dpop ? { dpop: dpopTerms(dpop) } : {};
  }
  const origin = originOf(section, place);
  const certificateFrom = certificateSourceOf(section, place);
  if (!dpop && certificateFrom === undefined) place.refuse('neither dpop nor certificateFrom', 'at least one of them');
  return {
    ...(origin !== undefined && { origin }),
    ...(dpop && { dpop: dpopTerms(dpop) }),
    ...(certificateFrom && { certificateFrom }),
  };
}

function dpopTerms({ algorithms, maxAge, ...others }: DpopSection): DpopTerms {
  const allowed = algorithms ? new Set(algorithms) : usualDpopTerms.algorithms;
  return { ...others, algorithms: allowed, maxAgeSeconds: maxAge / 1000 };
}

/** Only a proxy can be known to name requests by itself, and only for what is remembered that matters. */
function checkRequestIds({ replay }: DpopSection, place: Place, isProxy: boolean): void {
  if (!isProxy)
    place.refuse(
      'true, without proxy: true',
      'it only where a proxy asks: what others call their requests is their own word',
    );
  if (replay === 'off') place.refuse('true, beside replay: off', 'replay: local or shared, or leave it out');
}

function originOf({ origin, dpop }: ProofsSection, place: Place): string | undefined {
  const expected =
    'the origin that clients see, such as https://api.corp.example: a proof is made for it, and what Host says is not believed';
  if (origin === undefined) {
    if (dpop) place.at('origin').refuse('nothing, beside dpop', expected);
    return undefined;
  }
  const normal = normalOrigin(origin);
  if (normal !== undefined && (normal.startsWith('https:') || loopback.test(normal))) return normal;
  place.at('origin').refuse(JSON.stringify(origin), expected);
  return undefined;
}

function certificateSourceOf(
  { certificateFrom: form, certificateHeader }: ProofsSection,
  place: Place,
): CertificateSource | undefined {
  if (certificateHeader !== undefined && form !== 'escaped-pem') {
    place.at('certificateHeader').refuse('a header', 'certificateFrom: escaped-pem beside it, or no certificateHeader');
  }
  return form && { form, header: certificateHeader?.toLowerCase() ?? usualHeaders[form] };
}
