import { Section } from '../../../shared/configuration/composite-fields.js';
import { refuseUnknownIssuers } from '../../../issuers/issuer-references.js';
import { bearerChallenge } from '../../credentials/challenges.js';
import type { CallerMethod } from '../caller-method.js';
import { BearerToken } from './bearer-token.js';
import { CallerTokenSection } from './caller-token.config.js';

/** A bearer token of a registered issuer (RFC 6750): its subject is what is registered. */
export const bearerToken: CallerMethod<'token', CallerTokenSection, CallerTokenSection, BearerToken> = {
  key: 'token',
  field: Section('bearer token of a registered issuer', () => CallerTokenSection),
  unique: {
    at: 'subject',
    expected: 'a subject that no other caller authenticates with',
    of: ({ issuer, subject }) => JSON.stringify([issuer, subject]),
  },
  challenge: bearerChallenge,
  checkWritten: (sections, file) => {
    const named = sections.map((section) => section.at('issuer'));
    refuseUnknownIssuers(named, file);
  },
  prepare: (section) => section,
  advertise: () => ({ methods: ['Bearer'], assertionAlgorithms: [] }),
  authenticator: ({ tokens }) => new BearerToken(tokens),
};
