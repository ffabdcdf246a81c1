import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../shared/json-value.js';
import { readSubject, type SubjectTerms } from './subject-identifiers.js';

const iss = 'https://login.example';
const terms: SubjectTerms = { iss, hasEmailClaim: false, criticalMembers: new Set() };
const user = { format: 'iss_sub', iss, sub: 'user-1' };
const session = { format: 'opaque', id: 's-1' };
const device = { format: 'opaque', id: 'laptop' };
const theUser = { target: { kind: 'subject', value: 'user-1' } };
const theSession = { target: { kind: 'session', value: 's-1' } };

describe('a simple subject', () => {
  it.each<[string, JsonObject, Partial<SubjectTerms>, unknown]>([
    ['iss_sub', user, {}, { ...theUser, isPart: false }],
    ['iss_sub of another issuer', { ...user, iss: 'https://shop.example' }, {}, 'foreign_issuer'],
    ['iss_sub with another slash', { ...user, iss: `${iss}/` }, {}, 'foreign_issuer'],
    ['iss_sub without sub', { format: 'iss_sub', iss }, {}, 'malformed'],
    ['jwt_id', { format: 'jwt_id', iss, jti: 't-1' }, {}, { target: { kind: 'token', value: 't-1' }, isPart: false }],
    ['jwt_id of another issuer', { format: 'jwt_id', iss: 'https://shop.example', jti: 't' }, {}, 'foreign_issuer'],
    ['opaque', session, {}, 'format_not_understood'],
    ['opaque that is a session', session, { opaqueIs: 'sid' }, { ...theSession, isPart: false }],
    ['email', { format: 'email', email: 'a@b.example' }, {}, 'format_not_understood'],
    [
      'email, where tokens have one',
      { format: 'email', email: 'Ann@B.example' },
      { hasEmailClaim: true },
      { target: { kind: 'email', value: 'ann@b.example' }, isPart: false },
    ],
    ['account', { format: 'account', uri: 'acct:ann@b.example' }, { hasEmailClaim: true }, 'format_not_understood'],
    ['phone_number', { format: 'phone_number', phone_number: '+49' }, {}, 'format_not_understood'],
    ['did', { format: 'did', url: 'did:example:1' }, {}, 'format_not_understood'],
    ['uri', { format: 'uri', uri: 'urn:user:1' }, {}, 'format_not_understood'],
    ['aliases', { format: 'aliases', identifiers: [user] }, {}, 'format_not_understood'],
    ['a format of tomorrow', { format: 'passkey', ...{ id: 'x' } }, { opaqueIs: 'sid' }, 'format_not_understood'],
  ])('%s', (_, subject, changed, expected) => {
    expect(readSubject(subject, { ...terms, ...changed })).toEqual(expected);
  });
});

describe('a complex subject', () => {
  const complex = (members: JsonObject, changed: Partial<SubjectTerms> = {}): unknown =>
    readSubject({ format: 'complex', ...members }, { ...terms, ...changed });

  it('with a session is about the session alone', () => {
    expect(complex({ session })).toEqual({ ...theSession, isPart: false });
    expect(complex({ user, session })).toEqual({ ...theSession, isPart: false });
  });

  it('with a user alone is about the user', () => {
    expect(complex({ user })).toEqual({ ...theUser, isPart: false });
  });

  it.each(['device', 'application', 'group', 'org_unit'])(
    'with a user and %s is about a part of the user',
    (member) => {
      expect(complex({ user, [member]: device })).toEqual({ ...theUser, isPart: true });
      expect(complex({ [member]: device })).toBe('only_a_part');
    },
  );

  it.each(['device', 'application', 'group', 'org_unit', 'clearance'])(
    'with a critical %s is about nobody',
    (member) => {
      const criticalMembers = new Set([member]);
      expect(complex({ user, session, [member]: device }, { criticalMembers })).toBe('critical_member');
      expect(complex({ user, session }, { criticalMembers })).toEqual({ ...theSession, isPart: false });
    },
  );

  it('with a critical member of a form that is not understood is about nobody', () => {
    const byPhone = { format: 'phone_number', phone_number: '+49' };
    expect(complex({ user: byPhone, session }, { criticalMembers: new Set(['user']) })).toBe('critical_member');
    expect(complex({ user, session }, { criticalMembers: new Set(['user', 'session']) })).toMatchObject(theSession);
  });

  it('with a member that nobody has heard of is about nobody', () => {
    expect(complex({ user, clearance: device })).toBe('format_not_understood');
  });

  it('never widens a session that is not understood into a user who may not be named', () => {
    const foreign = { ...user, iss: 'https://shop.example' };
    expect(complex({ user: foreign, session })).toBe('foreign_issuer');
    expect(complex({ user: foreign, session: user })).toBe('foreign_issuer');
    expect(complex({ user, session: user })).toEqual({ ...theUser, isPart: true });
  });

  it('takes no opaque user for a session', () => {
    expect(complex({ user: session }, { opaqueIs: 'sid' })).toBe('format_not_understood');
  });

  it('of another tenant is about nobody, and of one that cannot be compared is a part', () => {
    const tenant = { format: 'opaque', id: 'blue' };
    expect(complex({ user, tenant }, { tenant: 'blue' })).toEqual({ ...theUser, isPart: false });
    expect(complex({ user, tenant }, { tenant: 'green' })).toBe('foreign_tenant');
    expect(complex({ user, tenant })).toEqual({ ...theUser, isPart: true });
  });

  it('with a member that is no subject is malformed', () => {
    expect(complex({ user: 'user-1' })).toBe('malformed');
    expect(complex({ user, session: { id: 's-1' } })).toBe('malformed');
  });

  it('does not take a name of JavaScript for a member that is understood', () => {
    expect(complex({ user, constructor: device }, { criticalMembers: new Set(['constructor']) })).toBe(
      'critical_member',
    );
    expect(complex({ user, toString: device })).toBe('format_not_understood');
  });
});
