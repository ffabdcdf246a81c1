import { describe, expect, it } from 'vitest';
import { anIssuer } from '../../test/builders/an-issuer.js';
import type { Grant } from '../callers/caller.js';
import type { PreparedCaller } from '../callers/registration/caller-directory.js';
import { prepareResource } from '../callers/registration/protected-resource.js';
import { RecordedProblems } from '../../test/builders/recorded-problems.js';
import type { Issuer } from '../issuers/issuer.js';
import { ResourceDocuments } from './resource-documents.js';

const resource = prepareResource('https://api.corp.example', new RecordedProblems().place('resource'));

function aProfile(issuers: Grant): PreparedCaller {
  const caller = { id: 'edge', issuers, audiences: new Set(['a']), claims: new Set<string>() };
  return { caller, methods: {} as never, rateLimit: undefined, proxy: { resource } };
}

function documentsOf(issuers: readonly Issuer[], granted: Grant = 'any') {
  const registered = { callers: { all: [aProfile(granted)] }, issuers: { all: () => issuers } };
  return { registered, documents: new ResourceDocuments(registered) };
}

function serversOf(issuers: readonly Issuer[], granted?: Grant): unknown {
  const body = documentsOf(issuers, granted).documents.find([]);
  return (JSON.parse(String(body)) as Record<string, unknown>)['authorization_servers'];
}

const named = (id: string, more: Partial<Issuer> = {}): Issuer => ({
  ...anIssuer({ id, issuer: `https://${id}.example` }),
  ...more,
});

const template = { prefix: 'https://many.example/', suffix: '', class: 'name' } as const;
const many = { issuer: 'https://many.example/{tenant}', template: { ...template, tenants: new Set(['a', 'b']) } };

describe('ResourceDocuments', () => {
  it('names the issuers whose tokens the profile may see, in the order of the file, each once', () => {
    const issuers = [named('a'), named('b'), named('a2', { issuer: 'https://a.example' })];
    expect(serversOf(issuers)).toEqual(['https://a.example', 'https://b.example']);
    expect(serversOf(issuers, new Set(['b']))).toEqual(['https://b.example']);
  });

  it.each<[string, Partial<Issuer>, unknown]>([
    ['a template with its tenants', many, ['https://many.example/a', 'https://many.example/b']],
    ['a template for any tenant', { ...many, template: { ...template, tenants: 'any' } }, undefined],
    ['a name that is no URL', { issuer: 'accounts.example' }, undefined],
    ['a trust domain of SPIFFE', { spiffe: { trustDomain: 'corp.example', hasIssuer: true } }, undefined],
    ['a tenant of a granted registration', { tenantOf: { registration: 'many', tenant: 'a' } }, ['https://x.example']],
  ])('RFC 9728 §3.2 names what clients can ask, and leaves out an empty list: %s', (_name, more, servers) => {
    expect(serversOf([named('x', more)], more.tenantOf ? new Set(['many']) : 'any')).toEqual(servers);
  });

  it('is made again when registrations have changed', () => {
    const issuers = [named('a')];
    const { documents } = documentsOf(issuers);
    const before = documents.find([]);
    issuers.push(named('b'));
    expect(documents.find([])).toBe(before);
    documents.forget();
    expect(String(documents.find([]))).toContain('https://b.example');
  });
});
