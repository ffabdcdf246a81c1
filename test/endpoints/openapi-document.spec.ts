import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import { apiDocument } from '../../src/app/openapi/api-documents.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { header, talk } from '../transport/http/support/raw-http.js';
import { request } from '../transport/http/support/requests.js';

/** Everything that the specification asks for, and that clients are made well from. */
const rules = {
  extends: ['spec' as const],
  rules: {
    struct: 'error',
    'spec-strict-refs': 'error',
    'no-unresolved-refs': 'error',
    'no-unused-components': 'error',
    'no-ambiguous-paths': 'error',
    'no-identical-paths': 'error',
    'path-parameters-defined': 'error',
    'path-declaration-must-exist': 'error',
    'no-path-trailing-slash': 'error',
    'operation-operationId': 'error',
    'operation-operationId-unique': 'error',
    'operation-operationId-url-safe': 'error',
    'operation-summary': 'error',
    'operation-parameters-unique': 'error',
    'operation-singular-tag': 'error',
    'operation-tag-defined': 'error',
    'operation-4xx-response': 'off',
    'security-defined': 'error',
    'no-invalid-media-type-examples': { severity: 'error', allowAdditionalProperties: false },
    'no-invalid-parameter-examples': { severity: 'error', allowAdditionalProperties: false },
    'no-invalid-schema-examples': 'error',
    'no-enum-type-mismatch': 'error',
    'no-schema-type-mismatch': 'error',
    'no-required-schema-properties-undefined': 'error',
    'tag-description': 'error',
    'info-license': 'error',
  },
} as const;

async function problemsIn(document: object): Promise<readonly string[]> {
  const config = await createConfig(rules as unknown as Parameters<typeof createConfig>[0]);
  const found = await lintFromString({ source: JSON.stringify(document), config });
  return found.map(({ ruleId, message, location: [place] }) => `${ruleId}: ${message} (${place?.pointer ?? ''})`);
}

describe('the OpenAPI document', () => {
  it.each(['public', 'management'] as const)('of the %s listener is valid OpenAPI 3.1', async (listener) => {
    const document = apiDocument(listener);
    expect(document).toMatchObject({ openapi: '3.1.0' });
    expect(await problemsIn(document)).toEqual([]);
  });

  it('would not be called valid with an example that is none, or with a parameter that is not described', async () => {
    const document = structuredClone(apiDocument('public')) as {
      paths: Record<string, Record<string, { parameters?: unknown; responses: Record<string, { content: object }> }>>;
    };
    document.paths['/introspect']!['post']!.responses['200']!.content = {
      'application/json': { schema: { $ref: '#/components/schemas/Introspection' }, example: {} },
    };
    delete document.paths['/signals/{id}/logout']!['post']!.parameters;
    const found = new Set((await problemsIn(document)).map((each) => each.split(':', 1)[0]));
    expect([...found]).toEqual(['no-invalid-media-type-examples', 'path-parameters-defined']);
  });

  it('of the public listener tells nothing of the management listener, whose own tells of both', () => {
    const [open, all] = (['public', 'management'] as const).map((listener) =>
      Object.keys((apiDocument(listener) as { paths: object }).paths),
    );
    expect(open).toContain('/introspect');
    expect(open?.filter((path) => /^\/(admin|metrics|readyz)/.test(path))).toEqual([]);
    expect(all).toEqual(expect.arrayContaining([...(open ?? []), '/admin/v1/issuers', '/metrics']));
    expect(JSON.stringify(apiDocument('public'))).not.toContain('adminToken');
  });
});

describe('GET /openapi.json', () => {
  it('needs no credentials, may be kept, and is not sent again to whoever has it', async () => {
    const endpoint = await HttpEndpoint.open();
    const ask = async (more: Readonly<Record<string, string>> = {}) => {
      const headers = { Authorization: undefined, 'Content-Type': undefined, ...more };
      return (await talk(endpoint.port, request({ method: 'GET', target: '/openapi.json', headers })))[0]!;
    };
    const first = await ask();
    expect(first.status).toBe(200);
    expect(header(first, 'content-type')).toBe('application/json');
    expect(header(first, 'cache-control')).toBe('public, max-age=300');
    const sent = Buffer.from(first.body, 'latin1').toString();
    expect(JSON.parse(sent)).toEqual(JSON.parse(JSON.stringify(apiDocument('public'))));

    const again = await ask({ 'If-None-Match': header(first, 'etag') ?? '' });
    expect([again.status, again.body]).toEqual([304, '']);
    expect((await ask({ 'If-None-Match': '"another"' })).status).toBe(200);
    await endpoint.close();
  });
});
