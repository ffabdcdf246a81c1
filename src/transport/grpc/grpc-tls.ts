import { ServerCredentials } from '@grpc/grpc-js';
import { certificateOptions, protocolOptions, type TlsSettings } from '../tls-settings.js';

/** TLS of the gRPC listener, as strict as that of the HTTP listener, with certificates that can be replaced. */
export class GrpcTls extends ServerCredentials {
  constructor(tls: TlsSettings) {
    super(protocolOptions(tls, 'h2'), certificateOptions(tls));
  }

  /** From the next handshake on the listener uses `tls`. Whether client certificates are asked for stays as it was. */
  replace(tls: TlsSettings): void {
    this.updateSecureContextOptions(certificateOptions(tls));
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}
