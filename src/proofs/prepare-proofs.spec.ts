import { describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../test/builders/recorded-problems.js';
import { prepareProofs } from './prepare-proofs.js';
import type { ProofsSection } from './proofs.config.js';

const dpop = { maxAge: 60_000, replay: 'local', onUnknown: 'accept', nonce: 'off', proxySetsRequestId: false } as const;
const origin = 'https://api.corp.example';

function prepared(section: ProofsSection, isProxy = true) {
  const recorded = new RecordedProblems();
  const terms = prepareProofs(section, recorded.place('proofs'), isProxy);
  return { terms, problems: recorded.problems.map(({ path, found }) => `${path}: ${found}`) };
}

describe('prepareProofs', () => {
  it('makes terms of what is sound', () => {
    const section: ProofsSection = {
      origin: 'HTTPS://API.corp.example:443/',
      dpop,
      certificateFrom: 'escaped-pem',
      certificateHeader: 'X-SSL-Client-Cert',
    };
    const { terms, problems } = prepared(section);
    expect(problems).toEqual([]);
    expect(terms).toMatchObject({
      origin,
      dpop: { maxAgeSeconds: 60 },
      certificateFrom: { form: 'escaped-pem', header: 'x-ssl-client-cert' },
    });
    expect(prepared({ certificateFrom: 'xfcc' }).problems).toEqual([]);
    expect(prepared({ origin: 'http://localhost:8000', dpop }).problems).toEqual([]);
    expect(prepared({ dpop }, false)).toMatchObject({ problems: [], terms: { dpop: { replay: 'local' } } });
  });

  it.each<[ProofsSection, boolean, string]>([
    [{}, true, 'proofs: neither dpop nor certificateFrom'],
    [{ dpop }, true, 'proofs.origin: nothing, beside dpop'],
    [{ origin: `${origin}/api`, dpop }, true, `proofs.origin: "${origin}/api"`],
    [{ origin: 'http://api.corp.example', dpop }, true, 'proofs.origin: "http://api.corp.example"'],
    [{ certificateFrom: 'xfcc', certificateHeader: 'X' }, true, 'proofs.certificateHeader: a header'],
    [{ origin, dpop }, false, 'proofs: origin without proxy: true'],
    [{ certificateFrom: 'xfcc', dpop }, false, 'proofs: certificateFrom without proxy: true'],
    [{}, false, 'proofs: no dpop'],
    [
      { dpop: { ...dpop, proxySetsRequestId: true } },
      false,
      'proofs.dpop.proxySetsRequestId: true, without proxy: true',
    ],
    [
      { origin, dpop: { ...dpop, replay: 'off', proxySetsRequestId: true } },
      true,
      'proofs.dpop.proxySetsRequestId: true, beside replay: off',
    ],
  ])('refuses %j (proxy: %s)', (section, isProxy, problem) => {
    expect(prepared(section, isProxy).problems).toEqual([problem]);
  });
});
