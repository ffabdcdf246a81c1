import { describe, expect, it } from 'vitest';
import { anIssuer } from '../../test/builders/an-issuer.js';
import { RecordingLogger } from '../../test/fakes/recording-logger.js';
import type { Issuer } from './issuer.js';
import { warnOfUnusedProxy } from './unused-proxy.js';

const fetched = { kind: 'jwksUri', url: 'https://login.corp.example/jwks' } as const;
const environment = { HTTPS_PROXY: 'http://assay:hunter2@proxy:3128' };

function warnings(variables: Record<string, string>, ...issuers: readonly Partial<Issuer>[]) {
  const logger = new RecordingLogger();
  warnOfUnusedProxy(
    variables,
    issuers.map((differences) => anIssuer({ keys: fetched, ...differences })),
    logger,
  );
  return logger.lines;
}

describe('a proxy in the environment', () => {
  it('is said not to be used, once, without what it is', () => {
    const lines = warnings(environment, {}, { id: 'other' });

    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).toMatch(/HTTPS_PROXY.*network\.proxyUrl|network\.proxyUrl.*HTTPS_PROXY/);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('is nothing to speak of where no issuer would need it', () => {
    const proxy = { hostname: 'proxy', port: 3128 };
    expect(warnings({}, {})).toEqual([]);
    expect(warnings({ HTTPS_PROXY: '' }, {})).toEqual([]);
    expect(warnings(environment)).toEqual([]);
    expect(warnings(environment, { network: { allowPrivate: true, proxy } })).toEqual([]);
    expect(warnings(environment, { keys: { kind: 'static', jwks: { keys: [] } } })).toEqual([]);
  });
});
