// helm/files/dashboard.json, made from rows of panels: what is the same for every panel is written once, here.
import { variables } from './queries.mjs';
import { askers, latency, overview, processRow } from './rows-about-answers.mjs';
import { fetches, keyRow, sharing } from './rows-about-keys.mjs';
import { opaqueRow } from './rows-about-opaque-tokens.mjs';
import { regionRow } from './rows-about-regions.mjs';

/** A panel is a title, the unit of its numbers, and queries with the name that each line gets. */
const rows = [
  { title: 'Is every key set fresh in every region?', panels: overview },
  { title: 'Who asks, and what is refused and why', panels: askers },
  { title: 'Latency', panels: latency },
  { title: 'Keys', panels: keyRow },
  { title: 'Fetches', panels: fetches },
  { title: 'Sharing', panels: sharing },
  { title: 'Regions', panels: regionRow },
  { title: 'Opaque tokens', panels: opaqueRow },
  { title: 'Process', panels: processRow },
];

/** Panels stand on a grid of so many columns. */
const COLUMNS = 24;
const HEIGHT = 8;

const datasource = { type: 'prometheus', uid: '${datasource}' };

/** The dashboard in Grafana's classic model, which every version since 12 imports, and the sidecar of its chart provisions. */
export function dashboard() {
  return {
    title: 'Assay',
    uid: 'assay',
    description: 'Is every key set fresh in every region, who asks, what is refused and why.',
    tags: ['assay'],
    schemaVersion: 42,
    version: 1,
    editable: true,
    graphTooltip: 1,
    fiscalYearStartMonth: 0,
    timezone: 'browser',
    time: { from: 'now-6h', to: 'now' },
    refresh: '30s',
    annotations: { list: [] },
    links: [],
    templating: { list: [datasourceVariable, ...variables.map(variable)] },
    panels: numbered(placed()),
  };
}

const datasourceVariable = {
  name: 'datasource',
  label: 'Data source',
  type: 'datasource',
  query: 'prometheus',
  refresh: 1,
  regex: '',
  hide: 0,
  includeAll: false,
  multi: false,
  options: [],
  current: {},
};

/** Everything is chosen at first, also series that lack the label: an installation without regions, or a caller nobody knows. */
function variable({ name, label, query }) {
  return {
    name,
    label,
    type: 'query',
    datasource,
    definition: query,
    query: { qryType: 1, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' },
    refresh: 2,
    sort: 1,
    regex: '',
    hide: 0,
    includeAll: true,
    allValue: '.*',
    multi: true,
    options: [],
    current: { text: ['All'], value: ['$__all'] },
  };
}

/** Each row from left to right, as far as the panels fit, and then below. */
function placed() {
  const panels = [];
  let y = 0;
  for (const { title, panels: inRow } of rows) {
    panels.push({ type: 'row', title, collapsed: false, panels: [], gridPos: { x: 0, y, w: COLUMNS, h: 1 } });
    y += 1;
    let x = 0;
    let tallest = 0;
    for (const each of inRow) {
      const { w = 8, h = HEIGHT } = each;
      if (x + w > COLUMNS) [x, y, tallest] = [0, y + tallest, 0];
      panels.push({ ...panel(each), gridPos: { x, y, w, h } });
      x += w;
      tallest = Math.max(tallest, h);
    }
    y += tallest;
  }
  return panels;
}

function numbered(panels) {
  return panels.map((each, i) => ({ id: i + 1, ...each }));
}

/** @param min `null` where numbers may be negative */
function panel({ title, says, as = 'timeseries', unit, queries, min = 0, max, steps, words, stacked }) {
  const kind = kinds[as];
  const defaults = {
    unit,
    ...(min === null ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    color: { mode: steps || words ? 'thresholds' : 'palette-classic' },
    thresholds: { mode: 'absolute', steps: thresholds(steps) },
    mappings: words ? [{ type: 'value', options: words }] : [],
    custom: kind.custom?.(stacked) ?? {},
  };
  return {
    type: as,
    title,
    ...(says ? { description: says } : {}),
    datasource,
    fieldConfig: { defaults, overrides: [] },
    options: kind.options,
    targets: queries.map((query, i) => target(query, i, kind.target)),
  };
}

/** @param steps pairs of a value and the color from there on */
function thresholds(steps = []) {
  return [{ color: 'green', value: null }, ...steps.map(([value, color]) => ({ color, value }))];
}

function target([expr, legendFormat], i, about) {
  return { refId: String.fromCharCode(65 + i), datasource, editorMode: 'code', expr, legendFormat, ...about };
}

const legend = { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] };
const reduceOptions = { calcs: ['lastNotNull'], fields: '', values: false };

const kinds = {
  timeseries: {
    target: { range: true },
    options: { legend, tooltip: { mode: 'multi', sort: 'desc' } },
    custom: (stacked) => ({
      drawStyle: 'line',
      lineWidth: 1,
      fillOpacity: stacked ? 30 : 0,
      showPoints: 'never',
      stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
    }),
  },
  stat: {
    target: { instant: true, range: false },
    options: { reduceOptions, colorMode: 'value', graphMode: 'none', justifyMode: 'auto', textMode: 'auto' },
  },
  'state-timeline': {
    target: { range: true },
    options: {
      legend,
      mergeValues: true,
      showValue: 'never',
      alignValue: 'left',
      rowHeight: 0.9,
      tooltip: { mode: 'single', sort: 'none' },
    },
    custom: () => ({ lineWidth: 0, fillOpacity: 80 }),
  },
  heatmap: {
    target: { range: true, format: 'heatmap' },
    options: {
      calculate: false,
      yAxis: { unit: 's', axisPlacement: 'left' },
      color: { mode: 'scheme', scheme: 'Blues', steps: 64 },
      cellGap: 1,
      legend: { show: true },
      tooltip: { mode: 'single', yHistogram: false },
    },
  },
};
