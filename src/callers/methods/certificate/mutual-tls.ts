import type { X509Certificate } from 'node:crypto';
import type { Clock } from '../../../shared/clock.js';
import { Section } from '../../../shared/configuration/composite-fields.js';
import type { Place } from '../../../shared/configuration/place.js';
import type { Written } from '../../../shared/configuration/written.js';
import type { Caller } from '../../caller.js';
import { AuthenticationFailure, invalidClient } from '../../credentials/authentication-failure.js';
import type { Authorization } from '../../credentials/authorization-header.js';
import type { PresentedCredentials } from '../../credentials/presented-credentials.js';
import type {
  MethodAuthenticator,
  Registration,
  CallerMethod,
  FoundCredentials,
  PresentedMethod,
} from '../caller-method.js';
import { identitiesOf, CertificateDefect, registeredIdentity, CertificateSection } from './certificate-identity.js';

/**
 * `tls_client_auth` (RFC 8705 §2.1). The listener has verified the chain; here it is only asked whose certificate it is.
 *
 * RFC 8705 §2 wants a `client_id` so that the server knows whose registration to compare with. gRPC has no place for it, and
 * our registrations are found by the certificate: without `client_id` exactly one of them must fit.
 */
export class MutualTls implements MethodAuthenticator<string> {
  /** By what {@link identitiesOf} a certificate has to contain. */
  private callers: ReadonlyMap<string, readonly Caller[]> = new Map();

  constructor(private readonly clock: Clock) {}

  replace(registrations: readonly Registration<string>[]): void {
    const byIdentity = Map.groupBy(registrations, ({ registered }) => registered);
    this.callers = new Map([...byIdentity].map(([identity, same]) => [identity, same.map(({ caller }) => caller)]));
  }

  find(
    _header: Authorization | undefined,
    { certificate, form: { clientId } }: PresentedCredentials,
  ): readonly FoundCredentials[] {
    if (!certificate) return [];
    const read = (): PresentedMethod => ({
      claimedIds: clientId === undefined ? [] : [clientId],
      isGuess: false,
      prove: () => this.authenticate(certificate, clientId),
      refusal: invalidClient,
    });
    return [{ carriedBy: 'connection', conflict: 'invalid_request', read }];
  }

  /** @param clientId of the caller, where it says which it is; necessary where several registered the same */
  authenticate(certificate: X509Certificate, clientId: string | undefined): Caller | AuthenticationFailure {
    if (!this.isCurrent(certificate)) {
      return new AuthenticationFailure('the certificate has expired or is not valid yet');
    }
    const fitting = this.callersFor(certificate);
    const named = clientId === undefined ? fitting : fitting.filter(({ id }) => id === clientId);
    const [only, another] = named;
    if (!only) return new AuthenticationFailure('the certificate fits no registration');
    if (another) {
      return new AuthenticationFailure('the certificate fits several registrations, and no client_id chooses one');
    }
    return only;
  }

  private callersFor(certificate: X509Certificate): readonly Caller[] {
    try {
      return [...new Set(identitiesOf(certificate).flatMap((identity) => this.callers.get(identity) ?? []))];
    } catch {
      return [];
    }
  }

  /** The handshake checked this once; a connection can outlive its certificate. */
  private isCurrent({ validFromDate, validToDate }: X509Certificate): boolean {
    const nowMs = this.clock.wallMs();
    return validFromDate.getTime() <= nowMs && nowMs <= validToDate.getTime();
  }
}

/** `tls_client_auth` (RFC 8705 §2.1): what is registered is the identity that the certificate must have. */
export const mutualTls: CallerMethod<'certificate', CertificateSection, string, MutualTls> = {
  key: 'certificate',
  field: Section('`tls_client_auth`', () => CertificateSection),
  unique: undefined,
  challenge: undefined,
  checkWritten: refuseWithoutAuthorities,
  prepare: identityOf,
  advertise: (_identity, { hasClientAuthorities }) => ({
    methods: hasClientAuthorities ? ['tls_client_auth'] : [],
    assertionAlgorithms: [],
  }),
  authenticator: ({ clock }) => new MutualTls(clock),
};

/** Without authorities no certificate is asked for, and the caller would be refused for ever without a word. */
function refuseWithoutAuthorities(sections: readonly Written[], file: Written): void {
  if (file.at('server').at('tls').at('clientCaFile').isThere) return;
  const expected = 'server.tls.clientCaFile, the authorities whose client certificates are accepted';
  for (const { isThere, place } of sections) if (isThere) place.refuse('no server.tls.clientCaFile', expected);
}

function identityOf(section: CertificateSection, place: Place): string | undefined {
  const registered = registeredIdentity(section);
  if (!(registered instanceof CertificateDefect)) return registered;
  const found = Object.values(section).filter((term) => term !== undefined);
  place.refuse(found.join(', ').slice(0, 200) || 'nothing', registered.expected);
  return undefined;
}
