import { readdir, readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { regionFindingKinds } from '../../src/admin/regions/region-findings.js';
import { regionRunbookOf } from '../../src/admin/regions/region-runbook.js';
import { textsOf } from '../../src/admin/trouble-texts.js';
import { troubleKinds } from '../../src/admin/troubles.js';
import { documentPages } from '../../tools/bundle-docs.mjs';

describe('the documents as pages of the console', () => {
  let pages: ReadonlyMap<string, string>;

  beforeAll(async () => {
    pages = await documentPages('<title>{{title}}</title>{{contents}}{{document}}', (file) =>
      Promise.resolve(posix.basename(file)),
    );
  });

  const has = (page: string, anchor: string | undefined): boolean => {
    const text = pages.get(page);
    return text !== undefined && (anchor === undefined || text.includes(` id="${anchor}"`));
  };
  /** `docs/operations.md#a-paragraph`, as the program and the console name it. */
  const isThere = (place: string): boolean => {
    const [path = '', anchor] = place.slice('docs/'.length).replace('.md', '.html').split('#');
    return has(path, anchor);
  };

  it('are all there, and every link between them leads to its paragraph', () => {
    expect(pages.size).toBeGreaterThan(100);
    const broken: string[] = [];
    for (const [page, text] of pages) {
      for (const [, href = ''] of text.matchAll(/<a href="([^"]*)"/g)) {
        if (/^https?:/.test(href)) continue;
        const [path = '', anchor] = href.split('#');
        const target = path === '' ? page : posix.join(posix.dirname(page), path);
        if (!has(target, anchor)) broken.push(`${page}: ${href}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it('have the paragraph of every trouble, and every place that the console leads to', async () => {
    const runbooks = troubleKinds.map((kind) => textsOf({ kind, replicas: [] }).runbook);
    runbooks.push(...regionFindingKinds.map(regionRunbookOf));
    const sources = await readdir('console/src');
    const texts = await Promise.all(sources.map((file) => readFile(`console/src/${file}`, 'utf8')));
    const places = texts.flatMap((text) => text.match(/(?<=['"])docs\/[\w/-]+\.md(?:#[\w-]+)?(?=['"])/g) ?? []);
    expect(places.length).toBeGreaterThan(8);
    expect([...runbooks, ...places].filter((place) => !isThere(place))).toEqual([]);
  });

  it('have nothing in them that a browser would run or load, whatever a document says', () => {
    for (const [page, text] of pages) {
      expect([page, /<(?:script|style|iframe|object|link)\b|<[^>]*\s(?:style|on\w+)=/i.exec(text)?.[0]]).toEqual([
        page,
        undefined,
      ]);
      for (const [, source = ''] of text.matchAll(/<img src="([^"]*)"/g))
        expect(source).toMatch(/^\.\.?\/(?:\.\.\/)?assets\//);
    }
  });
});
