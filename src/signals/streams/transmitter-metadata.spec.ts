import { describe, expect, it } from 'vitest';
import { anIssuer } from '../../../test/builders/an-issuer.js';
import { KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import type { JsonObject } from '../../shared/json-value.js';
import { metadataUrls, readMetadata, type TransmitterMetadataTerms } from './transmitter-metadata.js';

const issuer = 'https://login.example/realms/a';
const terms: TransmitterMetadataTerms = { transmitter: issuer, issuer, signalHosts: [], network: anIssuer().network };
const reading = (said: JsonObject, changed: Partial<TransmitterMetadataTerms> = {}) =>
  readMetadata({ issuer, ...said }, { ...terms, ...changed });

describe('metadata of a transmitter', () => {
  it('is under the host, and where several transmitters share one, behind everything', () => {
    expect(metadataUrls(issuer)).toEqual([
      'https://login.example/.well-known/ssf-configuration/realms/a',
      'https://login.example/realms/a/.well-known/ssf-configuration',
    ]);
    expect(metadataUrls('https://login.example/')).toEqual(['https://login.example/.well-known/ssf-configuration']);
  });

  it('SSF-14 leads to its own host, and elsewhere only where that is listed', () => {
    const own = 'https://login.example/verify';
    expect(reading({ verification_endpoint: own }).verificationUrl).toBe(own);
    const elsewhere = { verification_endpoint: 'https://events.example:8443/verify' };
    expect(() => reading(elsewhere)).toThrow('neither the transmitter nor in signalHosts');
    expect(() => reading(elsewhere, { signalHosts: ['events.example.org'] })).toThrow('signalHosts');
    for (const listed of ['events.example', 'events.example:8443'])
      expect(reading(elsewhere, { signalHosts: [listed] }).verificationUrl).toBe(elsewhere.verification_endpoint);
  });

  it.each([
    ['plain http', 'http://login.example/verify'],
    ['a word', 'verify'],
    ['a number', 1],
  ])('SSF-14 does not lead to %s', (_what, endpoint) => {
    expect(() => reading({ verification_endpoint: endpoint })).toThrow('verification_endpoint');
  });

  it('SSF-09 SSF-14 does not lead elsewhere for the configuration of a stream; what else it says counts all the same', () => {
    const own = 'https://login.example/streams';
    expect(reading({ configuration_endpoint: own }).configurationUrl).toBe(own);
    const elsewhere = { configuration_endpoint: 'https://events.example/streams', verification_endpoint: own };
    expect(reading(elsewhere, { signalHosts: ['events.example'] }).configurationUrl).toBe(
      elsewhere.configuration_endpoint,
    );
    const { configurationUrl, verificationUrl } = reading(elsewhere);
    expect(verificationUrl).toBe(own);
    expect(configurationUrl).toMatchObject({
      detail: expect.stringContaining('neither the transmitter nor') as string,
    });
    expect(reading({ configuration_endpoint: 1 }).configurationUrl).toBeInstanceOf(KeyFetchFailure);
    expect(reading({}).configurationUrl).toBeUndefined();
  });

  it('SSF-02 names critical members, in a list and nothing else', () => {
    expect(reading({}).criticalMembers).toEqual(new Set());
    expect(reading({ critical_subject_members: ['device'] }).criticalMembers).toEqual(new Set(['device']));
    for (const wrong of ['device', [1], { device: true }])
      expect(() => reading({ critical_subject_members: wrong })).toThrow('critical_subject_members');
  });

  it('SSF-01 is that of the issuer of the stream', () => {
    expect(() => reading({ issuer: `${issuer}/` })).toThrow('another transmitter');
  });

  it('SSF-13 says whether a stream tells about nobody at first', () => {
    const of = (default_subjects: JsonObject[string]) => reading({ default_subjects }).beginsWithNobody;
    expect([of('NONE'), of('ALL'), reading({}).beginsWithNobody]).toEqual([true, false, false]);
  });
});
