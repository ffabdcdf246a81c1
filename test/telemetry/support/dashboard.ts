import { textOf } from './alert-rules.js';

/** Where a panel stands, in columns and rows of the grid. */
export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** What we rely on of a panel of Grafana. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: GridPosition;
  readonly datasource?: { readonly uid: string };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat: string;
    readonly datasource: { readonly uid: string };
  }[];
}

/** What may be chosen at the top. */
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly definition?: string;
  readonly allValue?: string;
}

interface Dashboard {
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
}

/** The dashboard, as Grafana and the chart read it. */
export const dashboard = JSON.parse(textOf('helm', 'files', 'dashboard.json')) as Dashboard;

/** The panels that show something. */
export const panels = dashboard.panels.filter(({ type }) => type !== 'row');

/** A query as Grafana would send it, whatever is chosen. */
export function sent(expr: string): string {
  return expr.replaceAll('$__rate_interval', '1m');
}
