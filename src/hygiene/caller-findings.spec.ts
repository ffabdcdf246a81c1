import { describe, expect, it } from 'vitest';
import { ago, found, orders, said, withPart, type SomeFacts } from '../../test/builders/hygiene-facts.js';
import { foreignAudience } from './use-parts.js';

describe('what a caller does', () => {
  it('asking about tokens for others is a finding until it has not done so for as long as is asked for', () => {
    const asked = (daysAgo: number): SomeFacts => ({
      caller: [{ ...orders, record: withPart(foreignAudience, ago(90), ago(daysAgo)) }],
    });
    const [finding] = found(asked(2));
    expect(finding).toMatchObject({ kind: 'foreign_audience', caller: 'orders', isDecided: true });
    expect(said(finding)).toBe(
      'orders asked about good tokens for audiences that it was not granted, last on 2026-11-28',
    );
    expect(found(asked(30))).toEqual([]);
    expect(found({ caller: [{ ...orders, record: withPart(foreignAudience, ago(90)) }] })).toEqual([]);
  });

  it('having a secret that others have names those, and no more than three of them in words', () => {
    const [finding] = found({ caller: [{ ...orders, sharesSecretWith: ['a', 'b', 'c', 'd', 'e'] }] });
    expect(finding).toMatchObject({ kind: 'secret_shared', caller: 'orders' });
    expect(said(finding)).toBe('A secret of orders is one of a, b, c and 2 more as well');
  });
});
