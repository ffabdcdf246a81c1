import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminSection, AdminService, FakeIssuer, operator, quickIssuer, viewer } from './support/admin-world.js';

const thumbprint = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
const deny = `/admin/v1/issuers/corp/keys/${thumbprint}/deny`;

describe('admin requests', () => {
  let issuer: FakeIssuer;
  let service: AdminService;

  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    service = await AdminService.start([quickIssuer(issuer)], { admin: adminSection });
  });

  afterAll(async () => {
    await service.stop();
    await issuer.stop();
  });

  it.each([
    ['GET', '/admin/v1/issuers/nobody', 404, 'issuer_unknown'],
    ['GET', '/admin/v1/issuers/__proto__', 404, 'issuer_unknown'],
    ['POST', '/admin/v1/issuers/nobody/refresh', 404, 'issuer_unknown'],
    ['DELETE', `/admin/v1/issuers/nobody/keys/${thumbprint}/deny`, 404, 'issuer_unknown'],
    ['DELETE', deny, 404, 'key_not_denied'],
    ['DELETE', '/admin/v1/issuers/corp/keys/short/deny', 422, 'fields_invalid'],
    ['GET', '/admin', 404, 'resource_unknown'],
    ['GET', '/admin/v1', 404, 'resource_unknown'],
    ['GET', '/admin/v2/issuers', 404, 'resource_unknown'],
    ['GET', '/admin/v1/issuers?limit=0', 422, 'fields_invalid'],
    ['GET', '/admin/v1/issuers?limit=1000', 422, 'fields_invalid'],
    ['GET', '/admin/v1/issuers?after=a&after=b', 422, 'fields_invalid'],
  ])('%s %s is a problem: %i %s', async (method, path, status, code) => {
    const answer = await service.ask(method, path, { token: operator });
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toMatchObject({ type: 'about:blank', status, code });
    expect(answer.body['title']).toEqual(expect.any(String));
    expect(answer.body['detail']).toEqual(expect.any(String));
    expect(answer.status).toBe(status);
  });

  it.each([
    ['POST', '/admin/v1/issuers', 'GET, HEAD'],
    ['DELETE', '/admin/v1/issuers/corp', 'GET, HEAD'],
    ['GET', '/admin/v1/issuers/corp/refresh', 'POST'],
    ['PUT', deny, 'DELETE, POST'],
    ['OPTIONS', deny, 'DELETE, POST'],
  ])('%s %s says what it could be', async (method, path, allow) => {
    const { status, headers } = await service.ask(method, path, { token: operator });
    expect(status).toBe(405);
    expect(headers.allow).toBe(allow);
  });

  it.each([
    ['no body', undefined],
    ['nothing', ''],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a text', '"reason"'],
    ['a member twice', '{"reason":"a","reason":"b"}'],
  ])('400: %s', async (_, body) => {
    const answer = await service.ask('POST', deny, { token: operator, ...(body === undefined ? {} : { body }) });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'body_invalid' });
  });

  const past = '2020-01-01T00:00:00Z';
  it.each([
    ['no reason', {}, ['reason']],
    ['an empty reason', { reason: ' ' }, ['reason']],
    ['a reason that is no text', { reason: 7 }, ['reason']],
    ['a reason with a line end', { reason: 'a\nb' }, ['reason']],
    ['a reason that is too long', { reason: 'x'.repeat(201) }, ['reason']],
    ['an end that is over', { reason: 'a', until: past }, ['until']],
    ['an end without an offset', { reason: 'a', until: '2099-01-01T00:00:00' }, ['until']],
    ['an end that is a day only', { reason: 'a', until: '2099-01-01' }, ['until']],
    ['an end that is no day', { reason: 'a', until: '2099-02-31T25:00:00Z' }, ['until']],
    ['an end that is a number', { reason: 'a', until: 4_070_908_800 }, ['until']],
    ['no end, written out', { reason: 'a', until: null }, ['until']],
    ['a field that nobody knows', { reason: 'a', untill: '2099-01-01T00:00:00Z' }, ['(unknown)']],
    ['everything', { until: past, x: 1 }, ['reason', 'until', '(unknown)']],
  ])('422 names the fields: %s', async (_, body, fields) => {
    const answer = await service.ask('POST', deny, { token: operator, body });
    expect(answer.status).toBe(422);
    expect(answer.body['code']).toBe('fields_invalid');
    expect((answer.body['errors'] as { field: string }[]).map(({ field }) => field)).toEqual(fields);
  });

  it.each(['short', `${thumbprint}x`, `${thumbprint.slice(0, -1)}t`, `${thumbprint.slice(0, -1)}=`, 'é'.repeat(43)])(
    '422 for the thumbprint %s',
    async (text) => {
      const path = `/admin/v1/issuers/corp/keys/${encodeURIComponent(text)}/deny`;
      const answer = await service.ask('POST', path, { token: operator, body: { reason: 'a' } });
      expect(answer.status).toBe(422);
      expect(answer.body['errors']).toMatchObject([{ field: 'thumbprint' }]);
    },
  );

  it.each([
    ['another type', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['another charset', { 'content-type': 'application/json; charset=utf-16' }],
    ['a body that is packed', { 'content-encoding': 'gzip' }],
  ])('415: %s', async (_, headers) => {
    const answer = await service.ask('POST', deny, { token: operator, body: { reason: 'a' }, headers });
    expect(answer.status).toBe(415);
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });

  it('413: a body that is too large', async () => {
    const answer = await service.ask('POST', deny, { token: operator, body: { reason: 'x'.repeat(100_000) } });
    expect(answer.status).toBe(413);
    expect(answer.body).toMatchObject({ status: 413, code: 'request_refused' });
  });

  it('writes down who asked for what was refused, whatever refused it', async () => {
    const refused = async (path: string, body: string | object) => {
      await service.ask('POST', path, { token: operator, body });
      return service.auditedFields.at(-1);
    };
    const denial = { action: 'admin_deny', by: 'acting', issuer: 'corp', thumbprint };
    expect(await refused(deny, { reason: '' })).toEqual({ ...denial, result: 'fields_invalid' });
    expect(await refused(deny, '{')).toEqual({ ...denial, result: 'body_invalid' });
    expect(await refused(deny.replace('corp', 'nobody'), { reason: 'a' })).toEqual({
      ...denial,
      issuer: 'nobody',
      result: 'issuer_unknown',
    });
    expect(await refused('/admin/v1/explain', { token: 7 })).toEqual({
      action: 'admin_explain',
      by: 'acting',
      result: 'fields_invalid',
    });
  });

  it('echoes nothing that it refuses', async () => {
    const answer = await service.ask('POST', deny, {
      token: operator,
      body: { eyJhbGciOiJub25lIn0: 'canary-in-body' },
    });
    expect(answer.text).not.toMatch(/canary|eyJ/);
    expect(service.output).not.toMatch(/canary-in-body|eyJhbGciOiJub25lIn0/);
  });

  it.each([
    ['GET', '/canary', 404, 'resource_unknown'],
    ['GET', '/livez/canary?canary', 404, 'resource_unknown'],
    ['POST', '/readyz?canary', 405, 'method_not_allowed'],
    ['GET', '/canary%zz', 400, 'request_refused'],
  ])('%s %s outside of the admin API is answered in constant words', async (method, path, status, code) => {
    const answer = await service.ask(method, path);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.text).not.toContain('canary');
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  it('RADM-07 answers in pages', async () => {
    const many = ['a', 'b', 'c'].map((id) => ({
      ...quickIssuer(issuer),
      id,
      issuer: `${issuer.issuer}/${id}`,
      keys: { jwks: { keys: [issuer.key.publicJwk] } },
    }));
    const other = await AdminService.start(many, { admin: adminSection });
    const ids = async (query: string): Promise<readonly unknown[]> => {
      const { body } = await other.ask('GET', `/admin/v1/issuers${query}`, { token: viewer });
      return [(body['issuers'] as { id: string }[]).map(({ id }) => id).join(''), body['next']];
    };
    expect(await ids('')).toEqual(['abc', undefined]);
    expect(await ids('?limit=2')).toEqual(['ab', 'b']);
    expect(await ids('?limit=2&after=b')).toEqual(['c', undefined]);
    await other.stop();
  });
});
