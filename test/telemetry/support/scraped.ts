/** One series of a scrape: its name with its labels in their order, and its value. */
export class Scraped {
  private readonly series: ReadonlyMap<string, number>;

  /** @param text in the text format of Prometheus */
  constructor(readonly text: string) {
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    this.series = new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
  }

  /** Names with labels. */
  get names(): readonly string[] {
    return [...this.series.keys()];
  }

  /** Value of one of the {@link names}. */
  of(series: string): number {
    return this.series.get(series) ?? Number.NaN;
  }

  /** Value of the series of this metric with exactly these labels; those that are empty need not be named. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    const found = [...this.series].filter(([series]) => {
      const [metric, written = ''] = series.replace(/}$/, '').split('{');
      const present = written.split(/,(?=\w+=")/).filter((label) => label !== '' && !label.endsWith('=""'));
      return metric === name && present.length === wanted.length && wanted.every((label) => present.includes(label));
    });
    return found[0]?.[1];
  }

  /** Every value that a label has, of all metrics. */
  valuesOf(label: string): ReadonlySet<string> {
    return new Set([...this.text.matchAll(new RegExp(`[{,]${label}="([^"]*)"`, 'g'))].map(([, value]) => value ?? ''));
  }
}
