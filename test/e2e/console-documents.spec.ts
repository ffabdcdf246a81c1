import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AssayProcess } from './support/assay-process.js';
import { startBrowser, Visitor } from './support/browser.js';
import { configurationOf, issuerSection } from './support/configuration.js';
import { adminSection, viewer } from './support/console-world.js';
import { picture } from './support/pictures.js';

describe('the documents in the console', () => {
  let browser: Browser;
  let assay: AssayProcess;

  beforeAll(async () => {
    browser = await startBrowser();
    // Nobody listens there: the keys cannot be fetched, and the console leads to the paragraph about that.
    const issuer = issuerSection(
      'corp',
      { issuer: 'http://127.0.0.1:9' },
      { keys: { jwksUri: 'http://127.0.0.1:9/jwks' } },
    );
    assay = await AssayProcess.start((ports) => ({
      ...configurationOf(ports, [issuer], { grpc: { enabled: false } }),
      admin: adminSection,
    }));
  });

  afterAll(async () => {
    await browser.close();
    await assay.stop();
  });

  const url = () => `${assay.managementUrl}/console/`;

  it('lead from what is wrong to the paragraph of the runbook, from there to others, and back', async () => {
    const visitor = await Visitor.arrive(browser, url(), { viewport: { width: 1200, height: 760 } });
    const { page } = visitor;
    await visitor.signIn(viewer);
    const banner = page.getByRole('region', { name: 'Is all well?' });
    await banner.getByText('no keys yet').waitFor();
    await banner.getByRole('link', { name: 'Runbook' }).click();
    await page.waitForURL(/docs\/operations\.html#assaykeyscold$/);
    expect(await page.getByRole('heading', { name: 'AssayKeysCold' }).isVisible()).toBe(true);
    await picture(visitor, 'runbook');
    await page.getByRole('link', { name: 'Documents' }).click();
    await page.getByRole('heading', { level: 1, name: 'Where to read what' }).waitFor();
    await picture(visitor, 'documents');
    await page.getByRole('link', { name: 'the console', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'The console' }).waitFor();
    expect(await page.evaluate('[...document.images].every((each) => each.naturalWidth > 100)')).toBe(true);
    await page.getByRole('link', { name: 'Console', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Issuers' }).waitFor();
    expect([...new Set(visitor.requests.map((each) => new URL(each.url()).origin))]).toEqual([assay.managementUrl]);
    expect(visitor.said.filter((each) => !each.includes('401'))).toEqual([]);
    await visitor.leave();
  });

  it.each(['light', 'dark'] as const)('are accessible (%s), also in a narrow window', async (colorScheme) => {
    const visitor = await Visitor.arrive(browser, url(), { colorScheme, viewport: { width: 360, height: 700 } });
    for (const path of ['', 'revocation.html', 'admin.html', 'providers/entra-v2.html', 'console.html']) {
      await visitor.page.goto(`${url()}docs/${path}`);
      expect([path, await visitor.violations()]).toEqual([path, []]);
      expect([path, await visitor.page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 360]);
    }
    await visitor.leave();
  });

  it('are given to anybody with the same policy, once, and nothing else is', async () => {
    const page = await fetch(`${url()}docs/operations.html`);
    const etag = page.headers.get('etag') ?? '';
    expect([page.status, page.headers.get('cache-control'), page.headers.get('content-type')]).toEqual([
      200,
      'no-cache',
      'text/html; charset=utf-8',
    ]);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const again = await fetch(`${url()}docs/operations.html`, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    const leads = await fetch(`${assay.managementUrl}/console/docs`, { redirect: 'manual' });
    expect([leads.status, leads.headers.get('location')]).toEqual([308, 'docs/']);
    for (const path of [
      'docs/odd.html',
      'docs/..%2findex.html',
      'docs/providers/..%2f..%2findex.html',
      'docs/operations.md',
    ])
      expect([path, (await fetch(url() + path)).status]).toEqual([path, 404]);
  });
});
