/** Parts of answers about denied keys, and about the reach of decisions, that several endpoints have in common. */
import { named } from '../shared/openapi/component.js';
import { explainedWord, flag, instant, list, object, quantity, text, type Members } from '../shared/openapi/schema.js';
import type { NotConfirmedReason } from './decision-reach.js';

/** A replica that is not there, or not up to date. */
export const lastSeenReplica = named(
  'schemas',
  'LastSeenReplica',
  object({
    replica: text('Its name.'),
    region: text('Its region, or nothing.'),
    lastSeenAgoSeconds: quantity('Since it was seen.'),
  }),
);

const reasons: Readonly<Record<NotConfirmedReason, string>> = {
  waiting: 'it may still read it',
  late: 'it should have read it by now',
  lost: 'it was not seen for 15 seconds',
  unknown: 'what it reports cannot be read, it has too many denials to name them, or it does not say what it has read',
};

const notConfirmed = object({
  replica: text('Its name.'),
  region: text('Its region, or nothing.'),
  state: explainedWord(reasons, 'Why.'),
  lastSeenAgoSeconds: quantity('Since it was seen.'),
});

/** Who denied a key, and why. */
export const decisionMembers: Members = {
  by: text('Id of the admin token.'),
  reason: text('Why.'),
  at: instant('When.'),
};

/** Where it holds. */
export const reachMembers: Members = {
  confirmedBy: list({ type: 'string' }, 'Live replicas where it is known to hold.'),
  notConfirmedBy: list(notConfirmed, 'The others that are remembered.'),
  isComplete: flag('Whether every replica that is remembered has confirmed it.'),
};

const thumbprint = text('RFC 7638, SHA-256.');
const until = instant('When it ends by itself.');

/** A denial by an operator, with its reach. */
export const denialWithReach = named(
  'schemas',
  'DeniedKey',
  object({ thumbprint, ...decisionMembers, ...reachMembers }, { until, issuer: text('Id of the issuer.') }),
);

/** A denial by the configuration. */
export const configuredDenial = named(
  'schemas',
  'KeyDeniedByConfiguration',
  object({ thumbprint, by: { type: 'string', const: 'configuration' } }, { issuer: text('Id of the issuer.') }),
);
