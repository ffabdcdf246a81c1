import { testRules } from './promtool.js';
import type { Scraped } from './scraped.js';

/** So often it is scraped, and so many times. */
const INTERVAL = '15s';
const SCRAPES = 60;
const ASKED_AT = '10m';

/**
 * Which queries find nothing where a replica goes on as this scrape shows it: counters grow, gauges stay. Prometheus itself evaluates them.
 * @returns the queries whose answer is empty
 */
export function unansweredIn(scraped: Scraped, queries: readonly string[]): readonly string[] {
  const isAsked = (series: string): boolean =>
    queries.some((query) => query.includes(series.slice(0, (series.indexOf('{') + 1 || series.length + 1) - 1)));
  const input_series = scraped.names.filter(isAsked).map((series) => {
    const value = scraped.of(series);
    const grows = /^[^{]*_(?:total|count|sum|bucket)(?:\{|$)/.test(series);
    return { series, values: grows ? `${value}+${value}x${SCRAPES}` : `${value}x${SCRAPES}` };
  });
  const areAnswered = (asked: readonly string[]): boolean => {
    const promql_expr_test = asked.map((query) => ({
      expr: `count(${query}) > bool 0`,
      eval_time: ASKED_AT,
      exp_samples: [{ labels: '{}', value: 1 }],
    }));
    const test = { interval: INTERVAL, input_series, promql_expr_test };
    return testRules({ rule_files: [], evaluation_interval: INTERVAL, tests: [test] }).accepted;
  };
  return areAnswered(queries) ? [] : queries.filter((query) => !areAnswered([query]));
}
