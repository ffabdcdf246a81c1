import type { Issuer } from '../../../issuers/issuer.js';
import { Section } from '../../../shared/configuration/composite-fields.js';
import type { CallerMethod } from '../caller-method.js';
import { AssertionSection } from './assertion.config.js';
import { MemoryAssertionReplay } from './memory-assertion-replay.js';
import { prepareAssertions } from './prepare-assertions.js';
import { PrivateKeyJwt } from './private-key-jwt.js';

/** `private_key_jwt` (RFC 7523): what is registered is the caller as the issuer of its own assertions. */
export const privateKeyJwt: CallerMethod<'assertion', AssertionSection, Issuer, PrivateKeyJwt> = {
  key: 'assertion',
  field: Section('`private_key_jwt`', () => AssertionSection),
  unique: undefined,
  challenge: undefined,
  checkWritten: undefined,
  prepare: prepareAssertions,
  advertise: ({ algorithms }) => ({ methods: ['private_key_jwt'], assertionAlgorithms: [...algorithms] }),
  authenticator: ({ clock, assertions }) => new PrivateKeyJwt(assertions, new MemoryAssertionReplay(clock)),
};
