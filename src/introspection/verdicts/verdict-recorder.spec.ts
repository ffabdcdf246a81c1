import { describe, expect, it } from 'vitest';
import { anIssuer } from '../../../test/builders/an-issuer.js';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { RecordingAudit } from '../../../test/fakes/recording-audit.js';
import { RecordingLogger } from '../../../test/fakes/recording-logger.js';
import { compileClaimNames, usualNames } from '../../claims/claim-names.js';
import type { JsonObject } from '../../shared/json-value.js';
import { Rejection } from '../../tokens/rejection.js';
import type { VerifiedJwt } from '../../tokens/verified-jwt.js';
import { VerdictRecorder } from './verdict-recorder.js';

const caller = { id: 'orders', issuers: 'any', audiences: 'any', claims: 'any' } as const;
const names = compileClaimNames({ ...usualNames, tokenIdClaim: 'uti', subjectClaim: 'oid' });
const issuers = [anIssuer(), anIssuer({ id: 'entra', names })];
const signed = (claims: JsonObject) => ({ header: {}, claims, keyThumbprint: 'thumbprint' }) as unknown as VerifiedJwt;

function recorded(record: (recorder: VerdictRecorder) => void, subjectHash?: (subject: string) => string) {
  const audit = new RecordingAudit();
  audit.subjectHash = subjectHash;
  audit.isSampling = true;
  const host = { audit, clock: new FakeClock(), logger: new RecordingLogger() };
  record(new VerdictRecorder(host, { byId: (wanted) => issuers.find(({ id }) => id === wanted) }));
  return { fields: audit.records[0]?.fields, hashOf: (text: string) => audit.hashOf(text) };
}

const request = { requestId: 'r' };

describe('the name of a token in the audit trail', () => {
  it.each([
    ['corp', 'j'],
    ['entra', 'u'],
  ])('is the claim that its issuer %s has for it', (id, expected) => {
    const jwt = signed({ jti: 'j', uti: 'u' });
    const issuer = issuers.find((each) => each.id === id)!;
    const refused = new Rejection('expired').about(id).ofSigned(jwt);
    const verdicts: readonly ((recorder: VerdictRecorder) => void)[] = [
      (recorder) => {
        recorder.allowed('introspect', caller, { issuer, jwt }, request);
      },
      (recorder) => {
        recorder.refused('introspect', caller, refused, request);
      },
      (recorder) => {
        recorder.insufficient('authorize', caller, { issuer, jwt }, request);
      },
    ];
    for (const { fields, hashOf } of verdicts.map((verdict) => recorded(verdict)))
      expect(fields).toMatchObject({ issuer: id, jtiHash: hashOf(expected), request_id: 'r' });
  });

  it('is absent where the token has none, whatever it has besides', () => {
    const { fields } = recorded((recorder) => {
      recorder.allowed('introspect', caller, { issuer: issuers[1]!, jwt: signed({ jti: 'j' }) }, request);
    });
    expect(fields).not.toHaveProperty('jtiHash');
  });
});

describe('the subject of a token in the audit trail', () => {
  const allow = (claims: JsonObject) => (recorder: VerdictRecorder) => {
    recorder.allowed('introspect', caller, { issuer: issuers[1]!, jwt: signed(claims) }, request);
  };
  const hashed = (subject: string): string => `hash of ${subject}`;

  it('is named by its hash where the trail shall name subjects: the claim that its issuer has for it', () => {
    expect(recorded(allow({ sub: 's', oid: 'o' }), hashed).fields).toMatchObject({ subHash: 'hash of o' });
  });

  it('is not named unless that is asked for, nor where the token has none', () => {
    expect(recorded(allow({ sub: 's', oid: 'o' })).fields).not.toHaveProperty('subHash');
    expect(recorded(allow({ sub: 's' }), hashed).fields).not.toHaveProperty('subHash');
  });
});
