import { Section } from '../../../shared/configuration/composite-fields.js';
import type { Place } from '../../../shared/configuration/place.js';
import type { Written } from '../../../shared/configuration/written.js';
import type { CallerMethod } from '../caller-method.js';
import { CertificateDefect, registeredIdentity } from './certificate-identity.js';
import { CertificateSection } from './certificate.config.js';
import { MutualTls } from './mutual-tls.js';

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
