import type { Place } from '../shared/configuration/place.js';
import { algorithmsByDefault } from '../tokens/algorithms.js';
import { normalOrigin } from './normal-uri.js';
import { usualHeaders, type CertificateSource } from './presented-certificate.js';
import type { DpopTerms, ProofTerms } from './proof-terms.js';
import type { DpopSection, ProofsSection } from './proofs.config.js';

/** Origins without TLS: those of a trial on one machine. */
const loopback = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/** Makes what a profile says of proofs ready; problems are reported, and then the result must not be used. */
export function prepareProofs(section: ProofsSection, place: Place): ProofTerms {
  const { dpop } = section;
  const origin = originOf(section, place);
  const certificateFrom = certificateSourceOf(section, place);
  if (!dpop && certificateFrom === undefined) place.refuse('neither dpop nor certificateFrom', 'at least one of them');
  return {
    ...(origin !== undefined && { origin }),
    ...(dpop && { dpop: dpopTerms(dpop) }),
    ...(certificateFrom && { certificateFrom }),
  };
}

/** The terms of a section. */
export function dpopTerms({
  algorithms = algorithmsByDefault,
  maxAge,
  replay,
  onUnknown,
  nonce,
}: DpopSection): DpopTerms {
  return { algorithms: new Set(algorithms), maxAgeSeconds: maxAge / 1000, replay, onUnknown, nonce };
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
