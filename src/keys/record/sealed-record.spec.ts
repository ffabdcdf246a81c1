import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyRecordDraft } from './merge-key-sets.js';
import { RecordMac } from '../../redis/record-mac.js';
import { openRecord, sealRecord } from './sealed-record.js';

const mac = new RecordMac('https://assay.example', [{ id: 'k1', secret: 'a-record-key-for-tests-0123456789' }]);

const ms = fc.double({ min: 0, max: 2 ** 45, noNaN: true }).map((value) => value + 0);
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const jwk = fc.dictionary(text, fc.oneof(text, fc.maxSafeInteger(), fc.bigInt({ min: 2n ** 60n, max: 2n ** 70n })));
const state = fc.oneof(
  fc.record({ name: fc.constant('active' as const) }),
  fc.record({ name: fc.constantFrom('retiring' as const, 'returning' as const), sinceMs: ms }),
);
const draft: fc.Arbitrary<KeyRecordDraft> = fc.record(
  {
    validatedAtMs: ms,
    refreshAfterMs: ms,
    keys: fc.array(
      fc.record({ thumbprint: text, jwks: fc.array(jwk, { maxLength: 2 }), state, firstSeenMs: ms, lastSeenMs: ms }),
      { maxLength: 4 },
    ),
    tombstones: fc.array(fc.record({ thumbprint: text, removedAtMs: ms }), { maxLength: 4 }),
    sequence: fc.nat(),
    emptyEvidence: fc.record({ sinceMs: ms, latestMs: ms, fetches: fc.nat() }),
    validators: fc.record({ url: text, etag: text, lastModified: text }, { requiredKeys: ['url'] }),
  },
  { requiredKeys: ['validatedAtMs', 'refreshAfterMs', 'keys', 'tombstones'] },
);

/** Seals what no version of ours has written. */
function sealed(document: string) {
  const content = { fence: '1', validatedAtMs: '2', document: Buffer.from(document) };
  return { ...content, ...mac.seal('jwks-rec/1', ['s', content.fence, content.validatedAtMs, content.document]) };
}

describe('a sealed record', () => {
  it('is what it was before, whole, whatever is in it', () => {
    fc.assert(
      fc.property(draft, fc.maxSafeInteger().map(Math.abs), (content, fence) => {
        const opened = openRecord(mac, 's', sealRecord(mac, 's', fence, content));
        expect(opened).toEqual({ ...content, fence });
      }),
    );
  });

  it('is stored under the names that other versions read', () => {
    const key = {
      thumbprint: 'a',
      jwks: [],
      state: { name: 'retiring', sinceMs: 3 },
      firstSeenMs: 1,
      lastSeenMs: 2,
    } as const;
    const emptyEvidence = { sinceMs: 4, latestMs: 5, fetches: 2 };
    const content = { validatedAtMs: 2, refreshAfterMs: 1, keys: [key], tombstones: [], emptyEvidence };
    expect(Buffer.from(sealRecord(mac, 's', 1, content).document).toString()).toBe(
      '{"refreshAfterMs":1,"keys":[{"thumbprint":"a","jwks":[],"standing":{"name":"retiring","sinceMs":3},' +
        '"firstSeenMs":1,"lastSeenMs":2}],"tombstones":[],"emptyEvidence":{"sinceMs":4,"latestMs":5,"looks":2}}',
    );
  });

  it('I13 belongs to one source', () => {
    const [content] = fc.sample(draft, 1);
    expect(openRecord(mac, 't', sealRecord(mac, 's', 1, content!))).toBe('forged');
  });

  it.each([
    '',
    'null',
    '[]',
    '{',
    '{"refreshAfterMs":1,"keys":[]}',
    '{"refreshAfterMs":"1","keys":[],"tombstones":[]}',
    '{"refreshAfterMs":1,"keys":{},"tombstones":[]}',
    '{"refreshAfterMs":1,"keys":[null],"tombstones":[]}',
    '{"refreshAfterMs":1,"refreshAfterMs":1,"keys":[],"tombstones":[]}',
    '{"refreshAfterMs":1,"keys":[],"tombstones":[{"thumbprint":1,"removedAtMs":1}]}',
    '{"refreshAfterMs":1,"keys":[],"tombstones":[],"emptyEvidence":null}',
    '{"refreshAfterMs":1,"keys":[],"tombstones":[],"validators":{}}',
    '{"refreshAfterMs":1,"keys":[{"thumbprint":"a","jwks":[],"standing":{"name":"x"},"firstSeenMs":1,"lastSeenMs":1}],"tombstones":[]}',
  ])('with the document %s is malformed, however genuine', (document) => {
    expect(openRecord(mac, 's', sealed(document))).toBe('malformed');
  });

  it('may say more than this version knows', () => {
    const opened = openRecord(mac, 's', sealed('{"refreshAfterMs":1,"keys":[],"tombstones":[],"later":true}'));
    expect(opened).toEqual({ fence: 1, validatedAtMs: 2, refreshAfterMs: 1, keys: [], tombstones: [] });
  });
});
