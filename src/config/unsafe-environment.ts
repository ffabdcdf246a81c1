import { Place, type ProblemReporters } from '../shared/configuration/place.js';

/**
 * Node itself has a switch that turns the check of every certificate off. With it, every host on the way could give us keys:
 * we refuse to run (attack L-02, RFC 8414 §6.1).
 */
export function refuseUnsafeEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  reporters: ProblemReporters,
): void {
  if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return;
  new Place(reporters, '${env:NODE_TLS_REJECT_UNAUTHORIZED}').refuse(
    '0, which turns off the check of certificates',
    'the variable not set; for an issuer with its own authority, network.caFile',
  );
}
