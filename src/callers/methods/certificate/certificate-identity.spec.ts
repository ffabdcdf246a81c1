import { describe, expect, it } from 'vitest';
import { aCertificate, type CertificateOptions } from '../../../../test/builders/a-certificate.js';
import {
  type CertificateSection,
  CertificateDefect,
  identitiesOf,
  registeredIdentity,
} from './certificate-identity.js';

async function fits(terms: CertificateSection, options: CertificateOptions): Promise<boolean> {
  const { certificate } = await aCertificate(options);
  const registered = registeredIdentity(terms);
  if (registered instanceof CertificateDefect) throw new Error(registered.expected);
  return identitiesOf(certificate).includes(registered);
}

// In the order of the certificate: the country first, the common name last.
const subject = [{ C: ['DE'] }, { O: ['Example, Inc.'] }, { OU: ['shop'] }, { CN: ['Orders  Api'] }];

describe('the subject of a certificate', () => {
  it.each([
    'CN=Orders Api,OU=shop,O=Example\\, Inc.,C=DE',
    'cn=orders api, ou=SHOP, o=example\\2c inc., c=de',
    '2.5.4.3=Orders Api,2.5.4.11=shop,2.5.4.10=Example\\, Inc.,2.5.4.6=DE',
    'CN=  Orders   Api ,OU=shop,O=#0c0d4578616d706c652c20496e632e,C=#13024445',
    'CN=\\4frders Api,OU=shop,O=Example\\, Inc.,C=DE',
  ])('I-07 R8705-02 is compared as a name, not as text: %s', async (subjectDn) => {
    expect(await fits({ subjectDn }, { subject })).toBe(true);
  });

  it.each([
    'C=DE,O=Example\\, Inc.,OU=shop,CN=Orders Api', // the order of the certificate is not the order of RFC 4514
    'CN=Orders Api,O=Example\\, Inc.,OU=shop,C=DE',
    'CN=Orders Api,OU=shop,O=Example\\, Inc.',
    'OU=shop,O=Example\\, Inc.,C=DE',
    'CN=Orders Api+OU=shop,O=Example\\, Inc.,C=DE',
    'CN=OrdersApi,OU=shop,O=Example\\, Inc.,C=DE',
    'CN=Orders Api,CN=Orders Api,OU=shop,O=Example\\, Inc.,C=DE',
  ])('I-07 is not the re-ordered or shortened %s', async (subjectDn) => {
    expect(await fits({ subjectDn }, { subject })).toBe(false);
  });

  it.each(['printableString', 'utf8String', 'ia5String', 'bmpString'] as const)(
    'I-07 is the same name when it is written as %s',
    async (type) => {
      const written = [{ O: [{ [type]: 'Example' }] }, { CN: [{ [type]: 'orders' }] }];
      expect(await fits({ subjectDn: 'CN=orders,O=Example' }, { subject: written })).toBe(true);
    },
  );

  it('is a set inside one RDN', async () => {
    const several = [{ O: ['Example'] }, { CN: ['orders'], '0.9.2342.19200300.100.1.1': ['7'] }];
    expect(await fits({ subjectDn: 'UID=7+CN=orders,O=Example' }, { subject: several })).toBe(true);
    expect(await fits({ subjectDn: 'CN=orders+UID=7,O=Example' }, { subject: several })).toBe(true);
    expect(await fits({ subjectDn: 'CN=orders,UID=7,O=Example' }, { subject: several })).toBe(false);
  });

  it('compares letters beyond ASCII, composed or not', async () => {
    expect(await fits({ subjectDn: 'CN=Cafe\u0301' }, { subject: [{ CN: [{ utf8String: 'CAF\u00c9' }] }] })).toBe(true);
  });

  it('does not end at a NUL', async () => {
    const subjectWithNul = [{ CN: [{ utf8String: 'orders\0.evil.example' }] }];
    expect(await fits({ subjectDn: 'CN=orders' }, { subject: subjectWithNul })).toBe(false);
  });

  it('does not confuse a name that contains what looks like another', async () => {
    expect(await fits({ subjectDn: 'CN=orders,O=Example' }, { subject: [{ CN: ['orders,O=Example'] }] })).toBe(false);
    expect(await fits({ subjectDn: 'CN=orders\\,O\\=Example' }, { subject: [{ CN: ['orders,O=Example'] }] })).toBe(
      true,
    );
  });
});

describe('the alternative names of a certificate', () => {
  it('I-07 match a DNS name in any case', async () => {
    expect(await fits({ sanDns: 'Orders.Shop.Example' }, { dns: ['a.example', 'orders.SHOP.example'] })).toBe(true);
  });

  it('I-07 do not match by wildcard, in neither direction', async () => {
    expect(await fits({ sanDns: 'orders.shop.example' }, { dns: ['*.shop.example'] })).toBe(false);
    expect(registeredIdentity({ sanDns: '*.shop.example' })).toBeInstanceOf(CertificateDefect);
  });

  it('I-07 do not match a part, and not by the common name', async () => {
    expect(await fits({ sanDns: 'shop.example' }, { dns: ['orders.shop.example'] })).toBe(false);
    expect(await fits({ sanDns: 'shop.example' }, { subject: [{ CN: ['shop.example'] }] })).toBe(false);
    expect(await fits({ sanDns: 'shop.example' }, { dns: ['shop.example, DNS:x'] })).toBe(false);
  });

  it('match a URI exactly', async () => {
    const sanUri = 'spiffe://example.org/ns/shop/sa/orders';
    expect(await fits({ sanUri }, { uris: [sanUri] })).toBe(true);
    expect(await fits({ sanUri }, { uris: [`${sanUri}/`] })).toBe(false);
    expect(await fits({ sanUri }, { uris: ['spiffe://example.org/ns/shop/sa/Orders'] })).toBe(false);
    expect(await fits({ sanUri }, { dns: ['orders'] })).toBe(false);
  });

  it('match a SPIFFE ID only where it is the only URI', async () => {
    const sanUri = 'spiffe://example.org/ns/shop/sa/orders';
    expect(await fits({ sanUri }, { uris: [sanUri, 'https://orders.example'] })).toBe(false);
    expect(
      await fits({ sanUri: 'https://orders.example' }, { uris: ['https://a.example', 'https://orders.example'] }),
    ).toBe(true);
  });
});

describe('the thumbprint of a certificate', () => {
  it('matches in base64url and in hexadecimal, with colons or without', async () => {
    const { certificate } = await aCertificate();
    const hex = certificate.fingerprint256;
    const x5t = Buffer.from(hex.replaceAll(':', ''), 'hex').toString('base64url');
    for (const thumbprint of [hex, hex.replaceAll(':', '').toLowerCase(), x5t]) {
      expect(identitiesOf(certificate)).toContain(registeredIdentity({ thumbprint }));
    }
  });

  it('does not match another certificate of the same subject', async () => {
    const [one, other] = await Promise.all([aCertificate({ subject }), aCertificate({ subject })]);
    const registered = registeredIdentity({ thumbprint: one.certificate.fingerprint256 });
    expect(identitiesOf(other.certificate)).not.toContain(registered);
  });
});

describe('registeredIdentity', () => {
  it.each<CertificateSection>([
    {},
    { subjectDn: 'CN=a', sanDns: 'a.example' },
    { subjectDn: '' },
    { subjectDn: 'orders' },
    { subjectDn: 'CN=' },
    { subjectDn: 'CN=a,' },
    { subjectDn: 'CN=a;O=b' },
    { subjectDn: 'CN="a"' },
    { subjectDn: 'NONSENSE=a' },
    { subjectDn: 'CN=#zz' },
    { subjectDn: 'CN=#0c05' },
    { subjectDn: 'CN=\\ff' },
    { sanDns: '' },
    { sanDns: 'https://a.example' },
    { sanUri: 'not a uri' },
    { thumbprint: 'abc' },
    { thumbprint: 'z'.repeat(64) },
  ])('R8705-02 refuses %j', (terms) => {
    expect(registeredIdentity(terms)).toBeInstanceOf(CertificateDefect);
  });
});
