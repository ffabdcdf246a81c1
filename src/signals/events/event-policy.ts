/** By which rules the signature and the issuer of a security event are judged. */
import { policyOfChecks } from '../../claims/claim-policy.js';
import type { ClaimCheck } from '../../claims/claim-check.js';
import { Rejection, type RejectionCode } from '../../tokens/rejection.js';
import type { StatementTerms } from '../../verification/statement-verifier.js';
import { readSecurityEvent, SET_TYPE } from './security-event-token.js';
import { SetError, type SetErrorCode } from './set-error.js';

/** By what a security event token is judged before it is asked what it tells. @param audience what the transmitter calls us */
export function eventTerms(audience: string): StatementTerms {
  const refuse: ClaimCheck = (jwt) => {
    const read = readSecurityEvent(jwt, audience);
    return read instanceof SetError ? new Rejection(codes[read.code], read.description) : undefined;
  };
  return { tokenTypes: new Set([SET_TYPE]), policy: policyOfChecks([refuse]) };
}

/** What operators read of an error of ours about what a token says. */
const codes: Readonly<Record<SetErrorCode, RejectionCode>> = {
  invalid_request: 'claim_malformed',
  invalid_audience: 'audience_mismatch',
  invalid_issuer: 'issuer_missing',
  invalid_state: 'rule_failed',
  invalid_key: 'key_unknown',
  authentication_failed: 'rule_failed',
  access_denied: 'rule_failed',
};

const unreadable = new SetError('invalid_request', 'not a security event token that this receiver takes');
const badKey = new SetError('invalid_key', 'no accepted key of the issuer has signed it');
const badIssuer = new SetError('invalid_issuer', 'iss is not the issuer of this stream');
const badAudience = new SetError('invalid_audience', 'aud does not name this receiver');

/**
 * What a transmitter is told of a token that was refused. Its own claims may be named where its issuer's key has signed it: then its sender
 * knows them.
 */
export function setErrorOf({ code, detail, signed }: Rejection): SetError {
  switch (code) {
    case 'issuer_missing':
    case 'issuer_unknown':
      return badIssuer;
    case 'audience_mismatch':
      return badAudience;
    case 'key_unknown':
    case 'key_denied':
    case 'signature_invalid':
    case 'algorithm_unsupported':
    case 'algorithm_not_allowed':
      return badKey;
    default:
      return signed && detail !== undefined ? new SetError('invalid_request', detail) : unreadable;
  }
}
