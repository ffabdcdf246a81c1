import { MeterProvider } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histograms, MOST_SERIES } from './histograms.js';
import { ScrapeReader } from './scrape-reader.js';

const terms = { name: 'assay_test_seconds', description: 'What a test takes.', buckets: [0.5, 1, 2.5] };

async function scraped(histograms: Histograms): Promise<string> {
  const reader = new ScrapeReader(histograms);
  new MeterProvider({ readers: [reader] });
  return reader.scrape();
}

async function scrapedFromSdk(values: readonly number[]): Promise<string> {
  const reader = new ScrapeReader(new Histograms({ wallMs: () => 0 }));
  const meter = new MeterProvider({ readers: [reader] }).getMeter('assay');
  const { name, description, buckets } = terms;
  const histogram = meter.createHistogram(name, { description, advice: { explicitBucketBoundaries: [...buckets] } });
  for (const value of values) histogram.record(value, { door: 'x' });
  return reader.scrape();
}

describe('Histograms', () => {
  it('say of any measurements what those of the SDK say', async () => {
    const value = fc.oneof(fc.constantFrom(0, 0.5, 1, 2.5), fc.double({ min: 0, max: 4, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1 }), async (values) => {
        const histograms = new Histograms({ wallMs: () => 0 });
        for (const each of values) histograms.seriesOf(terms, 'x', { door: 'x' }).record(each);
        expect(await scraped(histograms)).toBe(await scrapedFromSdk(values));
      }),
    );
  });

  it('keep one series for one set of labels, and another for another', async () => {
    const histograms = new Histograms({ wallMs: () => 0 });
    const series = histograms.seriesOf(terms, 'x', { door: 'x' });
    expect(histograms.seriesOf(terms, 'x', { door: 'x' })).toBe(series);
    histograms.seriesOf(terms, 'y', { door: 'y' }).record(3);
    series.record(1);

    const text = await scraped(histograms);

    expect(text).toContain('assay_test_seconds_count{door="x"} 1\n');
    expect(text).toContain('assay_test_seconds_sum{door="y"} 3\n');
  });

  it('put what is beyond the bound into one series, and lose no measurement', async () => {
    const histograms = new Histograms({ wallMs: () => 0 });
    for (let i = 0; i < MOST_SERIES + 2; i++) histograms.seriesOf(terms, `${i}`, { door: `${i}` }).record(1);
    histograms.seriesOf(terms, '0', { door: '0' }).record(1);

    const text = await scraped(histograms);

    expect(text.match(/^assay_test_seconds_count/gm)).toHaveLength(MOST_SERIES + 1);
    expect(text).toContain('assay_test_seconds_count{otel_metric_overflow="true"} 2\n');
    expect(text).toContain('assay_test_seconds_count{door="0"} 2\n');
  });
});
