import { describe, expect, it } from 'vitest';
import { alertCases } from './support/alert-cases.js';
import { corp, type AlertCase } from './support/alert-case.js';
import { alertRules, alertsFile, textOf } from './support/alert-rules.js';
import { bornAt, growing, seriesWith, type Series } from './support/healthy-series.js';
import { redisLoss } from './support/redis-loss.js';
import { checkRules, testRules } from './support/promtool.js';

/** So often rules are evaluated in these tests, and replicas are scraped: as Prometheus does by default. */
const INTERVAL = '1m';

const titled = alertCases.map((each) => [`${each.alert} ${each.severity}`, each.happens, each] as const);

/** Which alerts fire at this minute, exactly. @param names with their severities */
function firing(minute: number, names: readonly string[]): object {
  return {
    expr: 'count by (alertname, severity) (ALERTS{alertstate="firing"})',
    eval_time: `${minute * 60}s`,
    exp_samples: names.map((name) => {
      const [alert, severity] = name.split(' ');
      return { labels: `{alertname="${alert}", severity="${severity}"}`, value: 1 };
    }),
  };
}

/** This alert does not fire at this minute. @param name with its severity */
function silent(name: string, minute: number): object {
  const [alert, severity] = name.split(' ');
  const expr = `count(ALERTS{alertname="${alert}", severity="${severity}", alertstate="firing"})`;
  return { expr, eval_time: `${minute * 60}s`, exp_samples: [] };
}

/** What the one who is called reads, word by word. */
function told({ alert, severity, about, firesAt, summary, description }: AlertCase): object {
  const place = alert === 'AssayAbsent' ? {} : { namespace: 'auth', job: 'assay' };
  const runbook_url = `docs/operations.md#${alert.toLowerCase()}`;
  const told = { exp_labels: { severity, ...place, ...about }, exp_annotations: { summary, description, runbook_url } };
  // Promtool compares all severities of one name.
  return { alertname: alert, eval_time: `${firesAt * 60}s`, exp_alerts: [told] };
}

function play(untilMinute: number, series: Parameters<typeof seriesWith>[0], checks: object): string {
  const test = { interval: INTERVAL, input_series: seriesWith(series, untilMinute), ...checks };
  const verdict = testRules({ rule_files: [alertsFile], evaluation_interval: INTERVAL, tests: [test] });
  return verdict.accepted ? 'as expected' : verdict.said;
}

describe('alerts', () => {
  it('are rules that promtool accepts', () => {
    expect(checkRules(alertsFile)).toMatchObject({ accepted: true });
  });

  it('are silent while everything is well', () => {
    const minutes = [5, 15, 30, 60];
    expect(play(60, [], { promql_expr_test: minutes.map((minute) => firing(minute, [])) })).toBe('as expected');
  });

  it.each(titled)('%s when %s, in time, and nothing else', (name, _happens, each) => {
    const checks = {
      promql_expr_test: [silent(name, each.quietUntil), firing(each.firesAt, [name, ...(each.beside ?? [])])],
      alert_rule_test: [told(each)],
    };
    expect(play(each.firesAt, each.series, checks)).toBe('as expected');
  });

  it('are one for one loss of Redis, in a fleet of three replicas with three issuers, and none when it is back', () => {
    const loss = ['AssayRedisBreakerOpen warn'];
    const checks = [
      firing(6, []),
      ...[8, 12, 19].map((minute) => firing(minute, loss)),
      firing(21, []),
      firing(30, []),
    ];
    expect(play(30, redisLoss, { promql_expr_test: checks })).toBe('as expected');
  });

  it('leave it at the outage of an issuer in which replicas wait for one another longer than usual', () => {
    const away: readonly Series[] = [
      {
        name: 'assay_jwks_permits_withheld_total',
        labels: { ...corp, verdict: 'BACKOFF' },
        at: 'b',
        values: bornAt(10),
      },
      {
        name: 'assay_jwks_fetch_total',
        labels: { ...corp, kind: 'refresh', result: 'timeout' },
        at: 'a',
        values: growing(1),
      },
    ];
    const checks = [11, 13, 20].map((minute) => silent('AssayPermitsWithheld warn', minute));
    expect(play(20, away, { promql_expr_test: checks })).toBe('as expected');
  });

  it('do not begin to say that fetches fail when an outage of an issuer is over, nor beside it', () => {
    const isStale = (minute: number): boolean => minute >= 12 && minute < 40;
    const outage: readonly Series[] = [
      {
        name: 'assay_jwks_fetch_total',
        labels: { ...corp, kind: 'refresh', result: 'timeout' },
        at: 'a',
        values: (minute) => Math.min(Math.max(minute - 5, 0), 35),
      },
      { name: 'assay_jwks_state', labels: { ...corp, state: 'STALE' }, at: 'a', values: (m) => Number(isStale(m)) },
    ];
    const stale = 'AssayKeySetStale warn';
    const checks = [firing(30, [stale]), firing(42, []), firing(46, []), firing(60, [])];
    expect(play(60, outage, { promql_expr_test: checks })).toBe('as expected');
  });

  it('of a difference between regions goes on when the replicas of one region begin to differ as well', () => {
    const digest = (at: 'a' | 'b' | 'c', region: string, before: number, then: number): Series => {
      const labels = { issuer: 'corp', region };
      return { name: 'assay_jwks_set_digest', labels, at, values: (minute) => (minute < 25 ? before : then) };
    };
    const regions = [
      digest('a', 'eu', 5, 5),
      digest('b', 'eu', 5, 5),
      digest('c', 'us', 1, 1),
      digest('b', 'us', 1, 9),
    ];
    const both = ['AssayRegionsDiffer warn', 'AssayKeySetsDiffer warn'];
    const checks = [firing(20, ['AssayRegionsDiffer warn']), firing(28, both)];
    expect(play(30, regions, { promql_expr_test: checks })).toBe('as expected');
  });

  it('of other keys in another region are one alert, also where Prometheus sees both regions', () => {
    const both: readonly Series[] = [
      { name: 'assay_jwks_set_digest', labels: { issuer: 'corp', region: 'us' }, at: 'c', values: 1 },
      { name: 'assay_region_differences', labels: { region: 'eu', peer: 'us', what: 'keys' }, values: 1 },
    ];
    expect(play(20, both, { promql_expr_test: [firing(18, ['AssayRegionsDiffer warn'])] })).toBe('as expected');
  });

  it('each have a case of their own here', () => {
    const told = new Set(alertCases.map(({ alert, severity }) => `${alert} ${severity}`));
    expect([...told].sort()).toEqual(alertRules.map(({ alert, labels }) => `${alert} ${labels.severity}`).sort());
  });
});

describe('the section of each alert', () => {
  const [, chapter = ''] = textOf('docs', 'operations.md').split('\n## Alerts\n');
  const sections = chapter.split('\n### ').slice(1);

  it('is there, under the address that the alert gives', () => {
    const titles = sections.map((section) => section.split('\n', 1)[0]);
    expect(titles).toEqual([...new Set(alertRules.map(({ alert }) => alert))]);
    for (const { alert, annotations } of alertRules) {
      expect(annotations.runbook_url).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    }
  });

  it.each(sections.map((section) => [section.split('\n', 1)[0], section]))(
    'says of %s how urgent it is, what it means, what callers notice, what to check and what to do',
    (title, section) => {
      for (const word of ['**Means**', '**Callers notice**', '**Check**', '**do**']) {
        expect(section.toLowerCase()).toContain(word.toLowerCase());
      }
      for (const { labels } of alertRules.filter(({ alert }) => alert === title)) {
        expect(section).toContain(`\`${labels.severity}\``);
      }
    },
  );
});
