import { describe, expect, it } from 'vitest';
import { aKey, thumbprintOf } from '../../test/builders/a-key.js';
import { selfSigned } from '../../test/vectors/world-keys.js';
import { certificateDoubt } from './certificate-doubt.js';

const rsa = aKey('RS256');
const thumbprint = thumbprintOf(rsa.jwk);

describe('certificateDoubt', () => {
  it('R7517-10 has none about a certificate of the key, whatever follows it, and about none', async () => {
    const own = (await selfSigned(rsa)).toString('base64');
    expect(certificateDoubt(undefined, thumbprint)).toBeUndefined();
    expect(certificateDoubt([own], thumbprint)).toBeUndefined();
    expect(certificateDoubt([own, 'garbage'], thumbprint)).toBeUndefined();
  });

  it('R7517-10 tells a certificate of another key, also of another kind', async () => {
    const own = (await selfSigned(rsa)).toString('base64');
    const other = (await selfSigned(aKey('RS256'))).toString('base64');
    expect(certificateDoubt([other, own], thumbprint)).toBe('certificate_mismatch');
    expect(certificateDoubt([own], thumbprintOf(aKey('ES256').jwk))).toBe('certificate_mismatch');
  });

  const spki = rsa.jwk['n'] as string;
  it.each([[[]], [''], [['']], [null], [['garbage']], [[null]], [[spki]]])(
    'R7517-10 tells what is no certificate: %j',
    (x5c) => {
      expect(certificateDoubt(x5c, thumbprint)).toBe('certificate_unreadable');
    },
  );
});
