/** Makes a caller with `private_key_jwt` the issuer of its own assertions, so that its keys live like those of any issuer. */
import { createHash } from 'node:crypto';
import { standardNames } from '../../../claims/claim-names.js';
import { defaultFreshness } from '../../../issuers/freshness.config.js';
import type { KeyLocation } from '../../../issuers/issuer-keys.config.js';
import { IssuerNetworkSection, prepareNetwork } from '../../../issuers/issuer-network.config.js';
import type { Issuer } from '../../../issuers/issuer.js';
import type { IssuerNetwork } from '../../../issuers/issuer-network.js';
import { soundKeyUrl } from '../../../issuers/key-location.js';
import { fittingKeys, writtenKeys } from '../../../issuers/written-keys.js';
import { JsonField, Section, TextList } from '../../../shared/configuration/composite-fields.js';
import type { Place } from '../../../shared/configuration/place.js';
import { TextField } from '../../../shared/configuration/scalar-fields.js';
import type { JsonValue } from '../../../shared/json-value.js';
import { stringifyJson } from '../../../shared/strict-json.js';
import { algorithmNames, algorithmsByDefault, type Algorithm } from '../../../tokens/algorithms.js';
import type { MethodContext } from '../caller-method.js';
import { assertionPolicy, issuerOfCaller } from './assertion-policy.js';

/** `private_key_jwt` (RFC 7523): with which keys the caller signs its assertions. */
export class AssertionSection {
  @TextField("URL of the caller's key set", { example: 'https://orders.corp.example/jwks' })
  readonly jwksUri?: string;

  @JsonField("the caller's JWK Set of public keys, written out here")
  readonly jwks?: Readonly<Record<string, unknown>>;

  @TextList('signature algorithms; absent: every one that fits a key, without ML-DSA', {
    min: 1,
    words: algorithmNames,
  })
  readonly algorithms?: readonly Algorithm[];

  @Section('how `jwksUri` may be reached', () => IssuerNetworkSection)
  readonly network?: IssuerNetworkSection;
}

/** Where nothing is said of the network, only public addresses are reached, under the authorities of the system. */
const publicNetwork: IssuerNetwork = { allowPrivate: false };

/** RFC 10070 recommends the first; older clients send the second, or nothing. */
const tokenTypes: ReadonlySet<string> = new Set(['client-authentication+jwt', 'jwt', 'none']);

/**
 * Makes a caller the issuer of its own assertions, so that its keys are fetched, refreshed and withdrawn as any issuer's.
 * @returns undefined after reporting every problem
 */
export function prepareAssertions(
  section: AssertionSection,
  place: Place,
  { clientId, identifier }: MethodContext,
): Issuer | undefined {
  const { algorithms = algorithmsByDefault } = section;
  const network = networkOf(section, place.at('network'));
  const keys = keyLocation(section, place, network ?? publicNetwork);
  if (identifier === undefined) {
    place.refuse('no server.identifier', 'server.identifier, the only audience of an assertion');
  }
  if (!keys || !network || identifier === undefined) return undefined;
  const policy = assertionPolicy(clientId, identifier);
  return {
    id: issuerOfCaller(clientId),
    issuer: clientId,
    metadataIssuers: [],
    algorithms: new Set(algorithms),
    tokenTypes,
    names: standardNames,
    policy,
    callerPolicy: () => policy,
    keys,
    allowKidless: false,
    freshness: defaultFreshness,
    network,
    // An assertion is used once: there is nothing to revoke.
    revocation: { quota: 0, maxLifetimeSeconds: 0, clockToleranceSeconds: 0 },
    deniedKeys: new Set(),
    criticality: 'normal',
    keySourceFingerprint: fingerprint([clientId, keys, ...(keys.kind === 'static' ? algorithms : [])]),
  };
}

/** @returns undefined after reporting every problem */
function networkOf({ network, jwksUri }: AssertionSection, place: Place): IssuerNetwork | undefined {
  if (!network) return publicNetwork;
  if (jwksUri === undefined) place.refuse('no jwksUri', 'it only beside jwksUri');
  return prepareNetwork(network, place);
}

function keyLocation(
  { jwksUri, jwks, algorithms = algorithmsByDefault }: AssertionSection,
  place: Place,
  network: IssuerNetwork,
): KeyLocation | undefined {
  if (jwksUri !== undefined && jwks === undefined) {
    const url = soundKeyUrl(jwksUri, place.at('jwksUri'), network);
    return url === undefined ? undefined : { kind: 'jwksUri', url };
  }
  if (jwks !== undefined && jwksUri === undefined) return ownKeys(jwks, place.at('jwks'), algorithms);
  place.refuse(jwks === undefined ? 'neither' : 'both', 'exactly one of jwks and jwksUri');
  return undefined;
}

/** Every key of the set is the caller's own: one without `kid` may answer to whatever name its library gives it. */
function ownKeys(jwks: unknown, place: Place, algorithms: readonly Algorithm[]): KeyLocation | undefined {
  const fitting = fittingKeys(writtenKeys(jwks as JsonValue, place), algorithms, place);
  return fitting && { ...fitting, allowKidless: true };
}

function fingerprint(parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(stringifyJson(parts as JsonValue))
    .digest('base64url');
}
