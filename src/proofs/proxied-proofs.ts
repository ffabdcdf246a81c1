import { Rejection } from '../tokens/rejection.js';
import { headerValues } from '../transport/http/peer-of-request.js';
import type { PresentedProofs, TokenScheme } from './possession.js';
import { presentedThumbprint, type CertificateCarrier } from './presented-certificate.js';
import { proxiedTarget, saidRequest, type SaidRequest } from './proof-target.js';
import type { ProofTerms } from './proof-terms.js';

/** A token of a request that a proxy asks about. */
export interface ProxiedToken {
  readonly token: string;
  readonly scheme: TokenScheme;
}

/** What a proxy says of its client's request. */
export interface ProxiedProofRequest extends CertificateCarrier {
  /** Method and path, where the proxy says them in the place for them; absent: in headers. */
  readonly said?: SaidRequest | undefined;
}

/** What the client of a proxy has sent along with its token, as the proxy passes it on. */
export function proxiedProofs(
  { token, scheme }: ProxiedToken,
  request: ProxiedProofRequest,
  terms: ProofTerms | undefined,
): PresentedProofs {
  return {
    token,
    scheme,
    proof: () => proofIn(request.headers),
    target: () => {
      const said = request.said ?? saidRequest(request.headers);
      return said instanceof Rejection ? said : proxiedTarget(terms?.origin ?? '', said);
    },
    certificate: () => terms?.certificateFrom && presentedThumbprint(terms.certificateFrom, request),
    requestId: () => requestIdIn(request.headers),
  };
}

/** Long enough for a random one: a counter could be guessed. A comma means that several were joined. */
const requestIdForm = /^[\x21-\x2b\x2d-\x7e]{16,128}$/;

/** Exactly one; of several it is not known which one is the proxy's. */
function requestIdIn(headers: readonly string[]): string | undefined {
  const [value = '', another] = headerValues(headers, 'x-request-id');
  return another === undefined && requestIdForm.test(value) ? value : undefined;
}

/** RFC 9449 §4.3 item 1: exactly one header. A proxy may have joined several with commas, which no proof has in it. */
function proofIn(headers: readonly string[]): string | Rejection | undefined {
  const [value, another] = headerValues(headers, 'dpop');
  if (another !== undefined || value?.includes(','))
    return new Rejection('proof_invalid', 'several headers with a proof');
  return value;
}
