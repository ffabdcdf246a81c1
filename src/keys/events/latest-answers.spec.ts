import { describe, expect, it } from 'vitest';
import { LatestAnswers } from './latest-answers.js';

const size = { bytes: 100, upstreamAgeMs: 30 };

describe('LatestAnswers', () => {
  it('knows nothing of an issuer that was never fetched from', () => {
    expect(new LatestAnswers().of('corp')).toEqual({ dropped: 0, upstreamAgeMs: 0 });
  });

  it('adds up what one set has for several reasons, for each issuer alone', () => {
    const answers = new LatestAnswers();
    answers.dropped('corp', 2);
    answers.dropped('shop', 5);
    answers.dropped('corp', 1);
    answers.fetched('corp', 'published', size);
    expect(answers.of('corp')).toEqual({ dropped: 3, upstreamAgeMs: 30 });
    expect(answers.of('shop')).toEqual({ dropped: 0, upstreamAgeMs: 0 });
  });

  it('keeps what an unchanged set does not use, and the age of the newer answer', () => {
    const answers = new LatestAnswers();
    answers.dropped('corp', 3);
    answers.fetched('corp', 'published', size);
    answers.fetched('corp', 'unchanged', { ...size, upstreamAgeMs: 90 });
    expect(answers.of('corp')).toEqual({ dropped: 3, upstreamAgeMs: 90 });
  });

  it('forgets what a fetch did not use that came to nothing', () => {
    const answers = new LatestAnswers();
    answers.dropped('corp', 3);
    answers.fetched('corp', 'timeout', undefined);
    answers.fetched('corp', 'published', size);
    expect(answers.of('corp')).toEqual({ dropped: 0, upstreamAgeMs: 30 });
  });
});
