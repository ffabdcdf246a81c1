import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { AssayProcess } from './support/assay-process.js';
import { startBrowser, Visitor } from './support/browser.js';
import { callerSection, configurationOf, introspect, issuerSection, ordersApi } from './support/configuration.js';
import { adminSection, viewer } from './support/console-world.js';
import { picture } from './support/pictures.js';

const subject = 'anna-canary-4Wq';
const day = 24 * 3_600;

describe('the views of callers, and of what nobody rotates, uses or ends', () => {
  let browser: Browser;
  let issuer: FakeIssuer;
  let assay: AssayProcess;

  beforeAll(async () => {
    [browser, issuer] = await Promise.all([startBrowser(), FakeIssuer.start()]);
    const expires = new Date(Date.now() + 7 * day * 1_000).toISOString();
    const batch = {
      ...callerSection('batch', ordersApi.secret),
      secrets: [{ value: 'batch-secret-Rt5Yw8Kq2Zx', expires }],
    };
    assay = await AssayProcess.start((ports) => ({
      ...configurationOf(ports, [issuerSection('corp', issuer, { maxLifetime: '366d' })], { grpc: { enabled: false } }),
      callers: [{ ...callerSection(ordersApi.id, ordersApi.secret), issuers: ['corp'] }, batch],
      admin: adminSection,
    }));
    const iat = Math.floor(Date.now() / 1_000);
    await introspect(assay, await issuer.sign({ sub: subject, iat, exp: iat + 365 * day }));
  });

  afterAll(async () => {
    await browser.close();
    await assay.stop();
    await issuer.stop();
  });

  it('shows who asks, how much, what is refused why, and who was not seen; finds one by a part of the id', async () => {
    await introspect(assay, await issuer.sign({ exp: 1_000_000_000 }));
    await introspect(assay, 'no-token-at-all');
    const visitor = await Visitor.arrive(browser, `${assay.managementUrl}/console/`, {
      viewport: { width: 1_200, height: 760 },
    });
    const { page } = visitor;
    await visitor.signIn(viewer);
    await visitor.open('callers', 'Callers');
    const row = page.getByRole('row', { name: /orders-api/ });
    await row.getByText('1 expired').waitFor();
    await row.getByText('1 malformed').waitFor();
    expect(await row.getByText('not yet').count()).toBe(0);
    await row.getByText(/^\d+ s ago$/).waitFor({ timeout: 30_000 });
    await page.getByRole('row', { name: /batch/ }).getByText('not yet').waitFor();
    expect(await visitor.violations()).toEqual([]);
    await picture(visitor, 'callers');
    await page.getByLabel('Find').fill('bat');
    await row.waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /batch/ }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    await visitor.leave();
  });

  it.each([1_200, 360])(
    'shows findings by kind with what to do, and what was watched too briefly, %i wide, accessible and without a subject',
    async (width) => {
      const visitor = await Visitor.arrive(browser, `${assay.managementUrl}/console/`, {
        viewport: { width, height: 760 },
      });
      const { page } = visitor;
      await visitor.signIn(viewer);
      await visitor.open('hygiene', 'Hygiene');
      await page.getByRole('heading', { name: 'Secrets near their end (1)' }).waitFor();
      await page.getByText(/A secret of batch ends on .*; no other one stays/).waitFor();
      await page.getByText('corp signs tokens that live 365 days').waitFor({ timeout: 30_000 });
      await page.getByText('Have the issuer sign shorter ones').waitFor();
      expect(await page.getByText('corp has published no new key yet').isVisible()).toBe(false);
      await page.getByText(/\d not decided yet/).focus();
      await page.keyboard.press('Enter');
      await page
        .getByText('corp has published no new key yet: watched for less than an hour only, of 90 days')
        .waitFor();
      await page.getByText('What issuers sign, beside what they may').focus();
      await page.keyboard.press('Enter');
      await page.getByText(/ES256 \d+ .* ago\. Tokens may live 366 d; the longest in 30 days lived 365 d\./).waitFor();
      expect(await visitor.violations()).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      await picture(visitor, `hygiene-${width}`);
      await page.getByRole('link', { name: 'Show corp' }).first().click();
      await page.getByRole('heading', { level: 1, name: 'corp' }).waitFor();
      expect(await visitor.kept()).not.toContain(subject);
      await visitor.leave();
    },
  );
});
