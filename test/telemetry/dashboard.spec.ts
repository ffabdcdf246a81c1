import { describe, expect, it } from 'vitest';
import { dashboard, panels, sent, type GridPosition, type Panel } from './support/dashboard.js';
import { readQuery } from './support/promql.js';
import { checkRuleText } from './support/promtool.js';

const titled = panels.map((panel) => [panel.title, panel] as const);

/** The unit that numbers of this query have, as the names of its metrics tell; a counter in requests or in other things. */
function unitsOf(expr: string): readonly string[] {
  if (expr.includes(' / ')) return ['percentunit'];
  if (expr.startsWith('time() - ')) return ['s'];
  return [...readQuery(sent(expr)).metrics].flatMap((name) => {
    if (name === 'assay_process_cpu_seconds_total') return ['percentunit'];
    if (name.endsWith('_total') || expr.includes('_count{'))
      return expr.includes('increase(') ? ['short'] : ['reqps', 'cps'];
    if (name.endsWith('_seconds')) return ['s'];
    if (name.endsWith('_bytes')) return ['bytes'];
    return name.endsWith('_ratio') ? ['percentunit'] : ['short'];
  });
}

function overlap(a: GridPosition, b: GridPosition): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

describe('the dashboard', () => {
  it('is in the classic model that Grafana imports, and chooses its data source', () => {
    expect(dashboard.schemaVersion).toBe(42);
    const names = dashboard.templating.list.map(({ name }) => name);
    expect(names).toEqual(['datasource', 'job', 'region', 'issuer', 'caller', 'door']);
    const sources = panels.flatMap(({ datasource, targets = [] }) => [datasource, ...targets.map((t) => t.datasource)]);
    expect(new Set(sources.map((source) => source?.uid))).toEqual(new Set(['${datasource}']));
  });

  it('has rows about every question of an operator', () => {
    const rows = dashboard.panels.filter(({ type }) => type === 'row');
    expect(rows.map(({ title }) => title)).toEqual([
      'Is every key set fresh in every region?',
      'Who asks, and what is refused and why',
      'Latency',
      'Keys',
      'Fetches',
      'Sharing',
      'Regions',
      'Opaque tokens',
      'Process',
    ]);
  });

  it('names each panel once, by number and within its row by title', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const rowOf = (panel: Panel): number => dashboard.panels.filter((p) => p.type === 'row' && p.id < panel.id).length;
    const names = panels.map((panel) => `${rowOf(panel)} ${panel.title}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('lets no panel lie upon another, or beyond the edge', () => {
    for (const [i, one] of dashboard.panels.entries()) {
      expect(one.gridPos.x + one.gridPos.w).toBeLessThanOrEqual(24);
      const hidden = dashboard.panels.slice(i + 1).filter((other) => overlap(one.gridPos, other.gridPos));
      expect(hidden.map(({ title }) => `${one.title} / ${title}`)).toEqual([]);
    }
  });

  it.each(titled)('shows %s in the unit of what it measures', (_title, { fieldConfig, targets = [] }) => {
    for (const { expr } of targets) expect(unitsOf(expr)).toContain(fieldConfig?.defaults.unit);
    expect(targets).not.toEqual([]);
  });

  it.each(titled)('asks for %s by names and labels that there are', (_title, { targets = [] }) => {
    for (const { expr, legendFormat } of targets) {
      const { problems, labels } = readQuery(sent(expr));
      const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
      expect([problems, shown.filter((label) => !labels.has(label))]).toEqual([[], []]);
    }
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
  });

  it('offers values of labels that there are, and those who lack the label as well', () => {
    for (const { name, type, definition = '', allValue } of dashboard.templating.list) {
      if (type === 'datasource') continue;
      const [, selector = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(definition) ?? [];
      const { problems, labels } = readQuery(selector);
      expect([name, allValue, problems, labels.has(label)]).toEqual([label, '.*', [], true]);
    }
  });

  it('uses every variable, and no other', () => {
    const text = JSON.stringify(panels);
    const used = [...text.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name!);
    const known = dashboard.templating.list.map(({ name }) => name);
    expect([...new Set(used)].filter((name) => name !== '__rate_interval').sort()).toEqual(known.sort());
  });

  it('asks nothing that Prometheus does not understand', () => {
    const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => sent(expr)));
    expect(checkRuleText(queries.map((expr, i) => ({ record: `query:${i}`, expr })))).toMatchObject({ accepted: true });
  });
});
