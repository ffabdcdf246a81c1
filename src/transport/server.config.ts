/** What the configuration can say of listeners, TLS, limits and the identifier of this service. */
import ipaddr from 'ipaddr.js';
import { identifierDefect, soundIdentifier, isLoopbackName } from '../shared/key-url.js';
import { Section, TextList } from '../shared/configuration/composite-fields.js';
import { hour, second } from '../shared/configuration/quantities.js';
import type { Place } from '../shared/configuration/place.js';
import { Rule, type FileText } from '../shared/configuration/field.js';
import { DEFAULT_TOKEN_BYTES, MOST_TOKEN_BYTES, sizesFor } from '../shared/token-sizes.js';
import { SigningSection } from '../signing/signing.config.js';
import {
  DurationField,
  FileField,
  FlagField,
  IntegerField,
  SizeField,
  TextField,
} from '../shared/configuration/scalar-fields.js';

const host = {
  pattern: /^[A-Za-z0-9._:-]+$/,
  expected: 'an IP address or a host name of this machine',
  default: '127.0.0.1',
};
const port = { min: 0, max: 65_535 };

/** The listener that callers use. */
export class HttpSection {
  @TextField('address to listen on', host)
  readonly host!: string;

  @IntegerField('port to listen on; 0 = any free one', { ...port, default: 8080 })
  readonly port!: number;
}

/** The listener for gRPC. */
export class GrpcSection {
  @TextField('address to listen on', host)
  readonly host!: string;

  @IntegerField('port to listen on; 0 = any free one', { ...port, default: 9090 })
  readonly port!: number;

  @FlagField('listen at all', { default: true })
  readonly enabled!: boolean;

  @FlagField('answer reflection requests', { default: false })
  readonly reflection!: boolean;
}

/** The listener for probes and operators. */
export class ManagementSection {
  @TextField('address to listen on', host)
  readonly host!: string;

  @IntegerField('port to listen on; 0 = any free one', { ...port, default: 8081 })
  readonly port!: number;
}

/** TLS of the listeners that callers use. Version 1.2 at least; nothing here can weaken it. */
export class TlsSection {
  @FileField('PEM of the certificate chain', { required: true, example: 'tls.crt' })
  readonly certFile!: FileText;

  @FileField('PEM of the private key', { required: true, example: 'tls.key' })
  readonly keyFile!: FileText;

  @FileField('PEM of the authorities whose client certificates may authenticate callers', { example: 'ca.crt' })
  readonly clientCaFile?: FileText;
}

/** What this process takes on. Durations in milliseconds, sizes in bytes. */
export class LimitsSection {
  @DurationField('requests are refused (503) while the event loop is later than this', {
    default: second,
    min: 10,
    max: 10 * second,
  })
  readonly eventLoopDelay!: number;

  @SizeField('longest question of Envoy (ext_authz), in which the whole head of a request is: longer ones are denied', {
    default: 1024 ** 2,
    min: 64 * 1024,
    max: 16 * 1024 ** 2,
  })
  readonly extAuthz!: number;

  @SizeField(
    'longest token that is read, at every endpoint; forms, header lines and gRPC messages may be longer with it',
    {
      default: DEFAULT_TOKEN_BYTES,
      min: 1024,
      max: MOST_TOKEN_BYTES,
    },
  )
  readonly token!: number;

  /** A token that fits everywhere else would be denied there, and nothing would say why. */
  @Rule('token', 'extAuthz')
  refuseTooShortQuestions(place: Place): void {
    const { leastExtAuthzBytes } = sizesFor(this.token);
    if (this.extAuthz >= leastExtAuthzBytes) return;
    const found = `${this.extAuthz / 1024}KiB beside tokens of ${this.token / 1024}KiB`;
    place
      .at('extAuthz')
      .refuse(
        found,
        `${Math.ceil(leastExtAuthzBytes / 1024)}KiB or more: the token, and the rest of the head of its request`,
      );
  }
}

/** This service: its own name, and where it listens. Durations in milliseconds. */
export class ServerSection {
  @TextField("this service's own issuer identifier (RFC 8414), and the audience of client assertions", {
    example: 'https://assay.example.com',
  })
  readonly identifier?: string;

  @Section('the listener that callers use', () => HttpSection, { default: {} })
  readonly http!: HttpSection;

  @Section('the listener for gRPC; left out, it opens on 127.0.0.1:9090 if that is free', () => GrpcSection)
  readonly grpc?: GrpcSection;

  @Section('the listener for probes and operators', () => ManagementSection, { default: {} })
  readonly management!: ManagementSection;

  @Section('certificate of the listeners that callers use, HTTP and gRPC', () => TlsSection)
  readonly tls?: TlsSection;

  @FlagField('a proxy in front of this service terminates TLS; allows plain HTTP and gRPC on any address', {
    default: false,
  })
  readonly tlsTerminatedUpstream!: boolean;

  @Section('keys of our own, with which answers are signed (RFC 9701); absent: none is', () => SigningSection)
  readonly signing?: SigningSection;

  @TextList(
    'addresses (CIDR) of proxies that may ask `/authorize` and ext_authz, and whose X-Forwarded-For is believed; empty = none',
    {
      default: [],
      example: ['10.0.0.0/8'],
    },
  )
  readonly trustedProxies!: readonly string[];

  @Section('what this process takes on', () => LimitsSection, { default: {} })
  readonly limits!: LimitsSection;

  @DurationField('how long requests in flight may take to finish after SIGTERM', {
    default: 25 * second,
    min: 0,
    max: hour,
  })
  readonly shutdownTimeout!: number;

  /** RFC 8414 §2. Plain `http` only for a machine that talks to itself. */
  @Rule('identifier')
  refuseUnsoundIdentifier(place: Place): void {
    if (this.identifier === undefined) return;
    const found = identifierDefect(this.identifier, { allowPrivate: true });
    if (found !== undefined) place.at('identifier').refuse(found, soundIdentifier);
  }

  /** Whoever checks a signature compares `iss`, and the address of a listener is seldom what others know. */
  @Rule('identifier', 'signing')
  warnOfUnnamedSigner(place: Place): void {
    if (!this.signing || this.identifier !== undefined) return;
    place
      .at('signing')
      .warn('no server.identifier beside it', 'server.identifier: the iss of signed answers, and where jwks_uri is');
  }

  /** RFC 7662 §2: introspection needs TLS. Only a machine that talks to itself does without. */
  @Rule('http', 'grpc', 'tls', 'tlsTerminatedUpstream')
  refusePlainListeners(place: Place): void {
    const { tls, tlsTerminatedUpstream, http, grpc } = this;
    if (tls && tlsTerminatedUpstream) {
      place.refuse('tls and tlsTerminatedUpstream', 'one of them');
    }
    if (tls || tlsTerminatedUpstream) return;
    const expected = '127.0.0.1, or server.tls, or server.tlsTerminatedUpstream: true';
    const refuse = (listener: string, protocol: string, address: string): void => {
      if (isLoopbackName(address)) return;
      const found = `plain ${protocol} on ${address}, which is not a loopback address`;
      place.at(listener).at('host').refuse(found, expected);
    };
    refuse('http', 'HTTP', http.host);
    if (grpc?.enabled) refuse('grpc', 'gRPC', grpc.host);
  }

  /** Then every request comes from the address of that proxy: who fails there, and who waits his turn, is all the world. */
  @Rule('tlsTerminatedUpstream', 'trustedProxies')
  warnOfOneSource(place: Place): void {
    if (!this.tlsTerminatedUpstream || this.trustedProxies.length > 0) return;
    const expected =
      "the addresses of the proxy that terminates TLS: without them all callers have one address, the proxy's";
    place.at('trustedProxies').warn('no trusted proxy beside tlsTerminatedUpstream', expected);
  }

  /** Before it is tried: the system would only say that the port is in use, not that we use it ourselves. */
  @Rule('http', 'grpc', 'management')
  refuseOnePortTwice(place: Place): void {
    const { http, grpc, management } = this;
    const listeners = [
      { name: 'http', at: http },
      ...(grpc?.enabled ? [{ name: 'grpc', at: grpc }] : []),
      { name: 'management', at: management },
    ];
    listeners.forEach(({ name, at: { host, port } }, i) => {
      const other = listeners.slice(0, i).find(({ at }) => port !== 0 && at.port === port && at.host === host);
      if (!other) return;
      const found = `${port}, as in ${place.at(other.name).at('port').path}`;
      place.at(name).at('port').refuse(found, 'a port of its own for each listener');
    });
  }

  @Rule('trustedProxies')
  refuseOtherThanNetworks(place: Place): void {
    for (const [i, cidr] of this.trustedProxies.entries()) {
      if (ipaddr.isValidCIDR(cidr) || ipaddr.isValid(cidr)) continue;
      place
        .at('trustedProxies')
        .at(i)
        .refuse(JSON.stringify(cidr.slice(0, 80)), 'a CIDR such as 10.0.0.0/8');
    }
  }
}
