import { describe, expect, it } from 'vitest';
import { metadataIssuersOf } from './metadata-issuers.js';

const tenant = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';

describe('metadataIssuersOf', () => {
  it('knows the second name of a tenant whose tokens are of version 1', () => {
    expect(metadataIssuersOf(`https://sts.windows.net/${tenant}/`)).toEqual([
      `https://login.microsoftonline.com/${tenant}/v2.0`,
      `https://login.microsoftonline.us/${tenant}/v2.0`,
    ]);
  });

  it.each([
    'https://login.corp.example',
    `https://sts.windows.net/${tenant}`,
    `http://sts.windows.net/${tenant}/`,
    `https://sts.windows.net/${tenant}/x/`,
    `https://sts.windows.net.example/${tenant}/`,
    `https://login.microsoftonline.com/${tenant}/v2.0`,
  ])('knows no other name of %s', (issuer) => {
    expect(metadataIssuersOf(issuer)).toEqual([]);
  });
});
