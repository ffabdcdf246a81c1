import { describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../../test/builders/recorded-problems.js';
import { FileText } from '../../shared/configuration/field.js';
import { prepareRegions, type RegionSection } from './region.config.js';

const token = 'region-token-Pf4Gs8Rd1JkQm6BzXv0C';
const us = {
  name: 'us',
  url: 'https://admin.us.example',
  tokenFile: new FileText('/run/secrets/us', `${token}\n`),
} satisfies RegionSection;

type Changed = { readonly [Setting in keyof RegionSection]?: RegionSection[Setting] };

function prepared(sections: readonly RegionSection[]) {
  const recorded = new RecordedProblems();
  const regions = prepareRegions(sections, recorded.place('admin.regions'), (text) => text === token);
  expect(JSON.stringify(recorded.problems)).not.toContain(token);
  return { regions, paths: recorded.paths };
}

describe('prepareRegions', () => {
  it('takes https anywhere, http of this machine, and the token without its line end', () => {
    const sections = [
      { ...us, url: 'https://10.0.0.1:8443/assay/' },
      { ...us, name: 'ap', url: 'http://localhost:9001' },
    ];
    const { regions, paths } = prepared(sections);
    expect(paths).toEqual([]);
    expect(regions).toMatchObject([
      { name: 'us', url: 'https://10.0.0.1:8443/assay', token, network: { allowPrivate: true } },
      { name: 'ap', url: 'http://localhost:9001' },
    ]);
  });

  it.each<[string, Changed, string]>([
    ['a token over plain http', { url: 'http://admin.us.example' }, 'url'],
    ['a password in the URL', { url: 'https://ops:secret@admin.us.example' }, 'url'],
    ['a query', { url: 'https://admin.us.example?a=b' }, 'url'],
    ['a file that is no token', { tokenFile: new FileText('/etc/hosts', '127.0.0.1 localhost') }, 'tokenFile'],
    [
      'a certificate without its key',
      { network: { clientCertificateFile: new FileText('c', 'x') } },
      'network.clientKeyFile',
    ],
    ['no certificate as an authority', { network: { caFile: new FileText('c', 'x') } }, 'network.caFile'],
  ])('refuses %s', (_, changed, path) => {
    expect(prepared([{ ...us, ...changed }]).paths).toEqual([`admin.regions[0].${path}`]);
  });

  it('refuses a name twice, and more regions than can be asked', () => {
    expect(prepared([us, us]).paths).toEqual(['admin.regions[1].name']);
    const many = Array.from({ length: 17 }, (_, i) => ({ ...us, name: `r${i}` }));
    expect(prepared(many).paths).toEqual(['admin.regions']);
  });
});
